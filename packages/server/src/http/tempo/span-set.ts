import type { Span } from '@clew/model';
import type { TempoSpan, TempoSpanSet } from '@clew/protocol';
import { compileFields } from '@clew/traceql';
import type { NamedValue, ShownSpanset, Value } from '@clew/traceql';
import { NIL, toTempoAttribute } from './any-value.ts';
import type { ShownField } from './shown-fields.ts';

/** A spanset whose spans have the values of the shown fields. */
export function toSpanSet(spanset: ShownSpanset, shown: readonly ShownField[]): TempoSpanSet {
  const spans = spanset.spans.map((span) => toTempoSpan(span, shown, span.values));
  return { spans, matched: spanset.spanCount, ...attributesOf(spanset.values) };
}

/** The same of spans that were read one by one, of which there are more. */
export function spanSetOfSpans(
  spans: readonly Span[],
  matched: number,
  shown: readonly ShownField[],
): TempoSpanSet {
  const readFields = compileFields(shown.map(({ field }) => field));
  return {
    spans: spans.map((span) => {
      const values = readFields({ traceId: span.traceId, spans: [span] })(0);
      return toTempoSpan(span, shown, values);
    }),
    matched,
  };
}

function attributesOf(values: readonly NamedValue[]): Pick<TempoSpanSet, 'attributes'> {
  if (values.length === 0) return {};
  return {
    attributes: values.map(
      ({ name, value }) => toTempoAttribute(name, value) ?? { key: name, value: NIL },
    ),
  };
}

function toTempoSpan(
  span: Pick<Span, 'spanId' | 'name' | 'startUnixNano' | 'durationNano'>,
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
