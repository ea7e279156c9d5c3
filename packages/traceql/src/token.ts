import type { AttributeScope, TextRange } from './syntax-tree.ts';

/** A piece of a query's text. What is not a value or a name has its own text as `type`. */
export type Token = { readonly range: TextRange } & (
  | { readonly type: 'end' }
  | { readonly type: Symbol }
  | { readonly type: 'word'; readonly text: string }
  | {
      readonly type: 'attribute';
      readonly scope: AttributeScope;
      readonly ofParent: boolean;
      readonly name: string;
    }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'duration'; readonly nanos: bigint }
);

/** Longer ones first, so that the first that fits is the right one. */
export const SYMBOLS = [
  '!>>',
  '!<<',
  '&>>',
  '&<<',
  '!>',
  '!<',
  '!~',
  '!=',
  '&>',
  '&<',
  '&~',
  '&&',
  '||',
  '>>',
  '<<',
  '>=',
  '<=',
  '=~',
  '{',
  '}',
  '(',
  ')',
  ',',
  '=',
  '>',
  '<',
  '~',
  '!',
  '|',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
] as const;
export type Symbol = (typeof SYMBOLS)[number];
