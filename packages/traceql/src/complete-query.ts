/**
 * What may come next in a query that is being typed. It goes by the tokens in front of the cursor and not by a parser, since
 * such a text is hardly ever a query yet; what it offers leads to one that is.
 */
import { QuerySyntaxError } from '@clew/model';
import { INTRINSIC_NAMES, findIntrinsic } from './intrinsics.ts';
import { tokenize } from './lexer.ts';
import type { AttributeScope, Field, TextRange } from './syntax-tree.ts';
import type { Token } from './token.ts';

export interface Completion {
  /** What was typed of the next word; to be replaced by what is chosen. Empty where nothing was. */
  readonly range: TextRange;
  readonly typed: string;
  /** Words that fit, in the order they are offered; those that do not begin with what was typed are left out. */
  readonly words: readonly string[];
  /** Whether names of attributes fit, and of which scope; undefined where none do. */
  readonly attributes: AttributeScope | undefined;
  /** The field whose values fit; undefined where none do. */
  readonly valuesOf: Field | undefined;
}

const OPENING = ['{', '('];
const COMPARISONS = ['=', '!=', '=~', '!~', '>', '>=', '<', '<='];
const LOGICAL = ['&&', '||'];
const STRUCTURAL = ['>>', '>', '<<', '<', '~', '!>>', '!>', '&>>', '&>'];
const SCOPES = ['.', 'span.', 'resource.', 'event.', 'link.', 'instrumentation.', 'parent.'];
const VALUES = ['true', 'false', 'nil'];
const AGGREGATES = ['count() ', 'avg(', 'min(', 'max(', 'sum('];
const STAGES = [
  ...AGGREGATES,
  'by(',
  'select(',
  'coalesce()',
  'rate()',
  'count_over_time()',
  'quantile_over_time(',
  'histogram_over_time(',
  'avg_over_time(',
  'min_over_time(',
  'max_over_time(',
  'sum_over_time(',
  'compare(',
  'topk(',
  'bottomk(',
  'order by ',
];
/** The values that some intrinsics have. */
const NAMED_VALUES: Readonly<Partial<Record<string, readonly string[]>>> = {
  'span:status': ['error', 'ok', 'unset'],
  'span:kind': ['server', 'client', 'producer', 'consumer', 'internal', 'unspecified'],
};

/** Completes `text` at `cursor`, a number of characters from its start. */
export function completeQuery(text: string, cursor: number): Completion {
  const { tokens, typedAt } = readBefore(text, cursor);
  const typed = text.slice(typedAt, cursor);
  const offer = offerAfter(tokens);
  return {
    range: { start: typedAt, end: cursor },
    typed,
    words: offer.words.filter((word) => word.startsWith(typed) && word !== typed),
    attributes: offer.hasFields ? scopeOf(typed) : undefined,
    valuesOf: offer.valuesOf,
  };
}

interface Offer {
  readonly words: readonly string[];
  readonly hasFields: boolean;
  readonly valuesOf: Field | undefined;
}

function words(...lists: readonly (readonly string[])[]): Offer {
  return { words: lists.flat(), hasFields: false, valuesOf: undefined };
}

const FIELDS: Offer = {
  words: [...SCOPES, ...INTRINSIC_NAMES],
  hasFields: true,
  valuesOf: undefined,
};

/** The tokens that are whole, and where the one begins that is being typed. */
function readBefore(
  text: string,
  cursor: number,
): { readonly tokens: readonly Token[]; readonly typedAt: number } {
  const before = text.slice(0, cursor);
  for (let end = cursor; ;) {
    try {
      const tokens = tokenize(before.slice(0, end)).slice(0, -1);
      const last = tokens.at(-1);
      const isTyped = end < cursor || last?.range.end === cursor;
      if (end === cursor && isTyped && last !== undefined && isOpenEnded(last)) {
        return { tokens: tokens.slice(0, -1), typedAt: last.range.start };
      }
      return { tokens, typedAt: end < cursor ? end : cursor };
    } catch (error) {
      if (!(error instanceof QuerySyntaxError)) throw error;
      end = startOfBroken(before, error.position);
    }
  }
}

/** Whether more of it may follow. */
function isOpenEnded({ type }: Token): boolean {
  return type === 'word' || type === 'attribute';
}

/** Of a name without a name behind its scope, the scope is a part. */
function startOfBroken(before: string, position: number): number {
  const scope = /[A-Za-z.]*$/.exec(before.slice(0, position))?.[0] ?? '';
  const start = before[position - 1] === '.' ? position - scope.length : position;
  return Math.max(0, Math.min(start, before.length - 1));
}

function scopeOf(typed: string): AttributeScope {
  const scope = /^(span|resource|event|link|instrumentation)\./.exec(typed)?.[1];
  return (scope as AttributeScope | undefined) ?? 'any';
}

function offerAfter(tokens: readonly Token[]): Offer {
  const last = tokens.at(-1);
  if (last === undefined) return words(OPENING);
  if (isInFilter(tokens)) return offerInFilter(tokens, last);
  if (last.type === 'word') return offerAfterWord(last.text);
  if (last.type === '(' && takesFields(tokens.at(-2))) return FIELDS;
  return BEHIND[last.type] ?? words(OPENING);
}

/** Outside of filters. */
const BEHIND: Readonly<Partial<Record<Token['type'], Offer>>> = {
  ',': FIELDS,
  '|': words(STAGES, OPENING),
  '}': words(['| '], LOGICAL, STRUCTURAL),
  ')': words(['| ', 'by(', 'with('], COMPARISONS, LOGICAL),
};

function offerAfterWord(word: string): Offer {
  if (word === 'order') return words(['by ']);
  if (word === 'by') return words(['duration ', 'start ', '(']);
  if (word === 'duration' || word === 'start') return words(['desc', 'asc']);
  return words([]);
}

function isInFilter(tokens: readonly Token[]): boolean {
  const open = tokens.findLastIndex(({ type }) => type === '{');
  return open > tokens.findLastIndex(({ type }) => type === '}');
}

/** `select(`, `by(` and the functions of one field; not `count(`, and not a group. */
function takesFields(before: Token | undefined): boolean {
  return before?.type === 'word' && before.text !== 'count' && before.text !== 'with';
}

function offerInFilter(tokens: readonly Token[], last: Token): Offer {
  if (last.type === 'attribute' || last.type === 'word') {
    const isValue = last.type === 'word' && findIntrinsic(last.text) === undefined;
    return isValue ? words(LOGICAL, ['}']) : words(COMPARISONS, LOGICAL, ['}']);
  }
  if (COMPARISONS.includes(last.type)) return offerValues(fieldOf(tokens.at(-2)));
  if (['string', 'int', 'float', 'duration', ')'].includes(last.type)) {
    return words(LOGICAL, ['}']);
  }
  return { ...FIELDS, words: [...FIELDS.words, ...VALUES, '!', '('] };
}

function offerValues(field: Field | undefined): Offer {
  const named = field?.kind === 'intrinsic' ? NAMED_VALUES[field.name] : undefined;
  return {
    words: named ?? (field?.kind === 'attribute' ? VALUES : []),
    hasFields: false,
    valuesOf: named === undefined ? field : undefined,
  };
}

function fieldOf(token: Token | undefined): Field | undefined {
  if (token?.type === 'attribute') {
    const { scope, ofParent, name, range } = token;
    return { kind: 'attribute', scope, ofParent, name, range };
  }
  const name = token?.type === 'word' ? findIntrinsic(token.text) : undefined;
  if (name === undefined || token === undefined) return undefined;
  return { kind: 'intrinsic', name, range: token.range };
}
