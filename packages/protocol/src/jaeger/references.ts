import type { Link, SpanId, TraceId } from '@clew/model';
import type { JaegerReference, JaegerSpan } from './message.ts';

/**
 * Whose child a span is: the parent it names, or the first reference into its own trace, `child_of` before
 * `follows_from`.
 */
export function findParentSpanId(span: JaegerSpan): string | undefined {
  if (!isZero(span.parentSpanId)) return span.parentSpanId;
  const inTrace = span.references.filter(
    ({ traceId, spanId }) => traceId === span.traceId && !isZero(spanId),
  );
  const reference = inTrace.find(({ type }) => type === 'child_of') ?? inTrace[0];
  return reference?.spanId;
}

/** Makes links of all references but the one to the parent. References to nothing are dropped and counted. */
export function linksToModel(
  references: readonly JaegerReference[],
  parentSpanId: string | undefined,
): { readonly links: readonly Link[]; readonly droppedLinksCount: number } {
  if (references.length === 0) return { links: [], droppedLinksCount: 0 };
  const others = references.filter(
    ({ type, spanId }) => type !== 'child_of' || spanId !== parentSpanId,
  );
  const valid = others.filter(({ traceId, spanId }) => isId(traceId, 32) && isId(spanId, 16));
  return {
    links: valid.map(linkToModel),
    droppedLinksCount: others.length - valid.length,
  };
}

function linkToModel({ type, traceId, spanId }: JaegerReference): Link {
  return {
    traceId: traceId as TraceId,
    spanId: spanId as SpanId,
    traceState: '',
    flags: 0,
    attributes: [{ key: 'opentracing.ref_type', value: { type: 'string', value: type } }],
    droppedAttributesCount: 0,
  };
}

function isId(digits: string, count: number): boolean {
  return digits.length === count && !isZero(digits);
}

function isZero(digits: string): boolean {
  return !/[^0]/.test(digits);
}
