import { identityOf } from '@clew/model';
import type { DurationNano, SpanIdentity, Trace } from '@clew/model';
import type { Field, SearchQuery } from '../syntax-tree.ts';
import { compileFields } from './compile-fields.ts';
import { compileSearch } from './search.ts';
import type { KnownFilters, NamedValue } from './search.ts';
import type { Value } from './value.ts';

/** A spanset as somebody wants to see it: not all of its spans, and not all of a span. */
export interface ShownSpanset {
  /** The first. */
  readonly spans: readonly ShownSpan[];
  readonly spanCount: number;
  /** What the spans have in common, as in `Spanset`. */
  readonly values: readonly NamedValue[];
}

export interface ShownSpan extends SpanIdentity {
  readonly name: string;
  readonly durationNano: DurationNano;
  /** Of the fields that were asked for; undefined where the span has no such thing. */
  readonly values: readonly (Value | undefined)[];
}

export interface ShowOptions {
  readonly search: SearchQuery;
  readonly fields: readonly Field[];
  /** Spans of each spanset. */
  readonly shownCount: number;
  readonly known?: KnownFilters | undefined;
}

/** Answers for one trace after the other. What it calls throws `LimitError`, as `compileSearch` says. */
export function compileShownSpansets({
  search,
  fields,
  shownCount,
  known,
}: ShowOptions): (trace: Trace) => readonly ShownSpanset[] {
  const match = compileSearch(search, known);
  const readFields = compileFields(fields);
  return (trace) => {
    const spansets = match(trace);
    if (spansets.length === 0) return [];
    const valuesOf = readFields(trace);
    return spansets.map(({ spans, values }) => ({
      spans: spans.slice(0, shownCount).flatMap((index): readonly ShownSpan[] => {
        const span = trace.spans[index];
        if (span === undefined) return [];
        const { name, durationNano } = span;
        return [{ ...identityOf(span), name, durationNano, values: valuesOf(index) }];
      }),
      spanCount: spans.length,
      values,
    }));
  };
}
