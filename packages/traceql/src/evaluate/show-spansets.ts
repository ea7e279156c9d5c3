import { identityOf } from '@clew/model';
import type { DurationNano, SpanIdentity, Trace } from '@clew/model';
import type { Field, SearchQuery } from '../syntax-tree.ts';
import { compilePreparation } from './compile-preparation.ts';
import { createFieldReader } from './field.ts';
import { MatchBudget } from './match-budget.ts';
import { isPause } from './pausable.ts';
import type { Pausable } from './pausable.ts';
import { compilePipeline } from './search.ts';
import type { KnownFilters, NamedValue } from './search.ts';
import { TraceContext } from './trace-context.ts';
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

/** Answers for one trace after the other. What it gives throws `LimitError`, as `compileSearch` says. */
export function compileShownSpansets({
  search,
  fields,
  shownCount,
  known,
}: ShowOptions): (trace: Trace) => Pausable<readonly ShownSpanset[]> {
  const run = compilePipeline(search.pipeline, known);
  const matchBudget = new MatchBudget();
  const prepare = compilePreparation(fields);
  const readers = fields.map(createFieldReader);
  const show = (context: TraceContext, index: number): readonly ShownSpan[] => {
    const span = context.spans[index];
    if (span === undefined) return [];
    const { name, durationNano } = span;
    const values = readers.map((read) => read(context, index));
    return [{ ...identityOf(span), name, durationNano, values }];
  };
  return function* (trace) {
    const context = new TraceContext(trace, matchBudget);
    const spansets = yield* run(context);
    const shown: ShownSpanset[] = [];
    if (spansets.length > 0) yield* prepare(context);
    for (const [i, { spans, values }] of spansets.entries()) {
      if (isPause(i)) yield;
      shown.push({
        spans: spans.slice(0, shownCount).flatMap((index) => show(context, index)),
        spanCount: spans.length,
        values,
      });
    }
    return shown;
  };
}
