import type { FoundSpanJson } from '@clew/api';

/** What tells a span from any other: client and server may share an id. */
export function spanKey({ traceId, spanId, kind, service, startUnixNano }: FoundSpanJson): string {
  return [traceId, spanId, kind, startUnixNano, service].join(' ');
}
