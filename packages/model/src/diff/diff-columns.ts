import { SPAN_KINDS, SPAN_STATUSES } from '../span.ts';
import type { Span } from '../span.ts';
import { numberTexts } from '../trace-columns.ts';
import type { TraceColumns } from '../trace-columns.ts';
import { buildTraceTree } from '../trace-tree.ts';

/** The columns of a trace that say where its spans are, what they are and how long they took. */
export type DiffColumns = Pick<
  TraceColumns,
  | 'spanCount'
  | 'parents'
  | 'startsNs'
  | 'durationsNs'
  | 'serviceIndexes'
  | 'services'
  | 'nameIndexes'
  | 'names'
  | 'kinds'
  | 'statuses'
>;

/** What is compared of a span. */
export type DiffSpan = Pick<
  Span,
  | 'spanId'
  | 'parentSpanId'
  | 'name'
  | 'kind'
  | 'startUnixNano'
  | 'durationNano'
  | 'status'
  | 'statusMessage'
  | 'attributes'
  | 'resource'
>;

/** The same of spans that are there as objects, ordered by start. */
export function toDiffColumns(spans: readonly DiffSpan[]): DiffColumns {
  const start: bigint = spans[0]?.startUnixNano ?? 0n;
  const services = numberTexts(spans.map(({ resource }) => resource.service));
  const names = numberTexts(spans.map(({ name }) => name));
  return {
    spanCount: spans.length,
    parents: Int32Array.from(buildTraceTree(spans).parents),
    startsNs: Float64Array.from(spans, ({ startUnixNano }) => Number(startUnixNano - start)),
    durationsNs: Float64Array.from(spans, ({ durationNano }) => Number(durationNano)),
    serviceIndexes: services.indexes,
    services: services.texts,
    nameIndexes: names.indexes,
    names: names.texts,
    kinds: Uint8Array.from(spans, ({ kind }) => SPAN_KINDS.indexOf(kind)),
    statuses: Uint8Array.from(spans, ({ status }) => SPAN_STATUSES.indexOf(status)),
  };
}
