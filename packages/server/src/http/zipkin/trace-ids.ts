import { parseTraceId, shorten } from '@clew/model';
import type { TraceId } from '@clew/model';
import { refuse } from './search-parameters.ts';

const MAX_TRACES = 1000;

/** Reads an id of 1 to 32 digits. Throws `InvalidQueryError` in Zipkin's own words. */
export function requireZipkinTraceId(text: string): TraceId {
  const traceId = parseTraceId(text);
  if (traceId !== undefined) return traceId;
  if (text === '') throw refuse('traceId', 'traceId is empty');
  if (text.length > 32) throw refuse('traceId', 'traceId.length > 32');
  if (/^0+$/.test(text)) throw refuse('traceId', 'traceId is all zeros');
  const message = `${shorten(text)} should be lower-hex encoded with no prefix`;
  throw refuse('traceId', message);
}

/** The ids of several traces, with commas between. Throws `InvalidQueryError`. */
export function parseTraceIds(list: string): readonly TraceId[] {
  if (list === '') throw refuse('traceIds', 'traceIds parameter is empty');
  const traceIds = new Set<TraceId>();
  for (const text of list.split(',')) {
    const traceId = requireZipkinTraceId(text);
    if (traceIds.has(traceId)) throw refuse('traceIds', `redundant traceId: ${text}`);
    traceIds.add(traceId);
    if (traceIds.size > MAX_TRACES) throw refuse('traceIds', `more than ${MAX_TRACES} traceIds`);
  }
  if (traceIds.size > 1) return [...traceIds];
  const message = 'Use /api/v2/trace/{traceId} endpoint to retrieve a single trace';
  throw refuse('traceIds', message);
}
