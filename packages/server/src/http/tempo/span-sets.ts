/**
 * Which spans of found traces answer a search. The traces are read once more, in one pass and some thousand spans at a time; where a
 * span alone can tell, no trace is put together for it.
 */
import type { Span, Trace, TraceId } from '@clew/model';
import type { TempoSpan, TempoSpanSet } from '@clew/protocol';
import { compileFields, compileSearch, findBeyondSpan, isBeyondSpan } from '@clew/traceql';
import type { NamedValue, SearchQuery, Spanset, Value } from '@clew/traceql';
import { NIL, toTempoAttribute } from './any-value.ts';
import type { ShownField } from './shown-fields.ts';

export interface SpanSetOptions {
  readonly search: SearchQuery;
  readonly shown: readonly ShownField[];
  readonly spansPerSpanSet: number;
}

/** Takes the spans of trace after trace, in the order of each, and keeps what answers. */
export class SpanSetCollector {
  readonly #spansPerSpanSet: number;
  readonly #match: (trace: Trace) => readonly Spanset[];
  readonly #shown: readonly ShownField[];
  readonly #readFields: ReturnType<typeof compileFields>;
  readonly #isOfSpans: boolean;
  readonly #spanSets = new Map<TraceId, readonly TempoSpanSet[]>();
  /** Of the trace that is being taken, where all of it counts. */
  #spans: Span[] = [];

  constructor({ search, shown, spansPerSpanSet }: SpanSetOptions) {
    this.#spansPerSpanSet = spansPerSpanSet;
    this.#match = compileSearch(search);
    this.#shown = shown;
    const fields = shown.map(({ field }) => field);
    this.#readFields = compileFields(fields);
    this.#isOfSpans = findBeyondSpan(search) === undefined && !fields.some(isBeyondSpan);
  }

  /** Spans of one trace. */
  add(spans: readonly Span[]): void {
    const [first] = spans;
    if (first === undefined) return;
    if (this.#isOfSpans) {
      this.#keep({ traceId: first.traceId, spans });
      return;
    }
    if (this.#spans[0]?.traceId !== first.traceId) this.#finishTrace();
    this.#spans.push(...spans);
  }

  /** By trace. */
  finish(): ReadonlyMap<TraceId, readonly TempoSpanSet[]> {
    this.#finishTrace();
    return this.#spanSets;
  }

  #finishTrace(): void {
    const [first] = this.#spans;
    if (first !== undefined) this.#keep({ traceId: first.traceId, spans: this.#spans });
    this.#spans = [];
  }

  #keep(trace: Trace): void {
    const spansets = this.#match(trace);
    if (spansets.length === 0) return;
    const valuesOf = this.#readFields(trace);
    const earlier = this.#spanSets.get(trace.traceId);
    // Of a trace that comes in parts there is one spanset.
    const left = this.#spansPerSpanSet - (earlier?.[0]?.spans.length ?? 0);
    const found = spansets.map(({ spans, values }) => {
      const shown = spans.slice(0, left).flatMap((index) => {
        const span = trace.spans[index];
        return span === undefined ? [] : [toTempoSpan(span, this.#shown, valuesOf(index))];
      });
      return toSpanSet(shown, spans.length, values);
    });
    const joined = earlier === undefined ? found : joinFirst(earlier, found);
    this.#spanSets.set(trace.traceId, joined);
  }
}

function joinFirst(
  [earlier]: readonly TempoSpanSet[],
  [later]: readonly TempoSpanSet[],
): readonly TempoSpanSet[] {
  const spans = [...(earlier?.spans ?? []), ...(later?.spans ?? [])];
  return [{ ...earlier, spans, matched: (earlier?.matched ?? 0) + (later?.matched ?? 0) }];
}

function toSpanSet(
  spans: readonly TempoSpan[],
  matched: number,
  values: readonly NamedValue[],
): TempoSpanSet {
  if (values.length === 0) return { spans, matched };
  const attributes = values.map(
    ({ name, value }) => toTempoAttribute(name, value) ?? { key: name, value: NIL },
  );
  return { spans, matched, attributes };
}

function toTempoSpan(
  span: Span,
  shown: readonly ShownField[],
  values: readonly (Value | undefined)[],
): TempoSpan {
  const attributes = shown
    .map(({ key }, index) => toTempoAttribute(key, values[index]))
    .filter((attribute) => attribute !== undefined);
  return {
    spanID: span.spanId,
    name: span.name,
    startTimeUnixNano: span.startUnixNano,
    durationNanos: span.durationNano,
    ...(attributes.length === 0 ? {} : { attributes }),
  };
}
