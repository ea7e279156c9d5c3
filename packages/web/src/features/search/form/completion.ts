import type { AttributeKeyJson, KnownValueJson } from '@clew/api';

export interface Suggestion {
  /** Replaces what was typed. */
  readonly text: string;
  /** Said beside it. */
  readonly note: string;
}

export interface Suggestions {
  /** Characters of the text, `end` exclusive. */
  readonly range: { readonly start: number; readonly end: number };
  readonly shown: readonly Suggestion[];
}

export interface KnownAttributes {
  readonly keys: readonly AttributeKeyJson[];
  /** Of the attribute that is to be completed. */
  readonly values: readonly KnownValueJson[];
}

export interface AttributeToComplete {
  readonly key: string;
  readonly scope: 'span' | 'resource' | undefined;
}

/** A language that a field completes: TraceQL, or conditions of attributes. */
export interface CompletedLanguage {
  /** The attribute whose values fit at the cursor. */
  readonly attributeAt: (text: string, cursor: number) => AttributeToComplete | undefined;
  readonly suggest: (text: string, cursor: number, known: KnownAttributes) => Suggestions;
  /** Whether Tab takes the first that is offered: not where a text is whole that something longer begins with. */
  readonly tabTakesFirst: boolean;
}
