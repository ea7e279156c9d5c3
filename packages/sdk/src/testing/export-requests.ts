import { assert, durationNano, parseSpanId, parseTraceId, unixNano } from '@clew/model';
import type { Span } from '@clew/model';
import { encodeTracesProtobuf } from '@clew/protocol';
import type { ExportRequest } from '../export/export-request.ts';

const RESOURCE: Span['resource'] = {
  service: 'app',
  attributes: [{ key: 'service.name', value: { type: 'string', value: 'app' } }],
  droppedAttributesCount: 0,
  schemaUrl: '',
};

const SCOPE: Span['scope'] = {
  name: 'test',
  version: '',
  attributes: [],
  droppedAttributesCount: 0,
  schemaUrl: '',
};

/** A request with spans of these names. */
export function createRequest(...names: readonly string[]): ExportRequest {
  return { spanCount: names.length, body: encodeTracesProtobuf(names.map(createSpan)) };
}

/** Spans that are called `prefix-0` and so on. */
export function createNames(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}

let lastSpanId = 0;

function createSpan(name: string): Span {
  const traceId = parseTraceId('0123456789abcdef0123456789abcdef');
  const spanId = parseSpanId((++lastSpanId).toString(16).padStart(16, '0'));
  assert(traceId !== undefined && spanId !== undefined, 'ids are ids');
  return {
    traceId,
    spanId,
    parentSpanId: undefined,
    traceState: '',
    flags: 1,
    name,
    kind: 'internal',
    startUnixNano: unixNano(BigInt(Date.now()) * 1_000_000n),
    durationNano: durationNano(1_000_000n),
    status: 'unset',
    statusMessage: '',
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    resource: RESOURCE,
    scope: SCOPE,
  };
}
