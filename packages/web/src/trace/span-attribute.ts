/** An attribute that spans of a trace may have, their own or their resource's. */
export interface SpanAttribute {
  readonly scope: 'span' | 'resource';
  readonly key: string;
}

/** What an attribute is on every span of a trace. */
export interface AttributeValues {
  /** No two read the same. */
  readonly texts: readonly string[];
  /** Index into `texts` over the index of the span; -1 for none. */
  readonly indexes: Int32Array;
}

export function isSameAttribute(a: SpanAttribute, b: SpanAttribute): boolean {
  return a.scope === b.scope && a.key === b.key;
}

/** With its scope in front, as TraceQL has it: `span.http.route`. */
export function formatAttribute({ scope, key }: SpanAttribute): string {
  return `${scope}.${key}`;
}

/** Undefined where the text names none. */
export function parseAttribute(text: string): SpanAttribute | undefined {
  const [, scope, key] = /^(span|resource)\.(.+)$/s.exec(text) ?? [];
  if (key === undefined) return undefined;
  return { scope: scope === 'span' ? 'span' : 'resource', key };
}
