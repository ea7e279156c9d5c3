/**
 * Gives a server span that shares its id with a client span, as Zipkin's senders have it, an id of its own: the client's span
 * becomes its parent, and what was called from either becomes its child.
 */
import { parseSpanId } from '@clew/model';
import type { SpanId } from '@clew/model';
import type { AdjustedSpan } from './adjusted-span.ts';

export function separateSharedIds(spans: readonly AdjustedSpan[]): readonly AdjustedSpan[] {
  const clientIds = new Set<SpanId>();
  for (const { span } of spans) if (span.kind === 'client') clientIds.add(span.spanId);
  const isShared = ({ span }: AdjustedSpan): boolean =>
    span.kind === 'server' && clientIds.has(span.spanId);
  if (!spans.some(isShared)) return spans;
  const unusedIds = countUnusedIds(new Set(spans.map(({ span }) => span.spanId)));
  const serverIds = new Map<SpanId, SpanId>();
  const separated = spans.map((each): AdjustedSpan => {
    if (!isShared(each)) return each;
    const { span, warnings } = each;
    const { value: spanId } = unusedIds.next();
    serverIds.set(span.spanId, spanId);
    return { span: { ...span, spanId, parentSpanId: span.spanId }, warnings };
  });
  return separated.map((each, index): AdjustedSpan => {
    const { span, warnings } = each;
    const isNew = each !== spans[index];
    const parentSpanId = span.parentSpanId && serverIds.get(span.parentSpanId);
    if (isNew || parentSpanId === undefined) return each;
    return { span: { ...span, parentSpanId }, warnings };
  });
}

/** From 1 on, those that the trace does not use. */
function* countUnusedIds(used: ReadonlySet<SpanId>): Generator<SpanId, never> {
  for (let number = 1; ; number++) {
    const id = parseSpanId(number.toString(16));
    if (id !== undefined && !used.has(id)) yield id;
  }
}
