import { MAX_TRACES } from '@clew/api';
import type { ClewClient } from '@clew/api';
import { SpanBlock } from '@clew/model';
import type { Span, TraceId } from '@clew/model';
import { NO_DECODE_LIMITS, decodeTracesProtobuf, readSpans } from '@clew/protocol';
import { ChunkReader } from '../import/chunk-reader.ts';
import { readResourceSpans } from '../import/read-requests.ts';

/** Which traces to look for; times are nanoseconds since 1970 in decimal digits. */
export interface TraceFilter {
  readonly service?: string | undefined;
  readonly spanName?: string | undefined;
  readonly start?: string | undefined;
  readonly end?: string | undefined;
}

/** The most that one answer holds. */
const PAGE_SIZE = 1000;

/** The ids of all traces that meet the filter, newest first, at most `limit` of them. */
export async function* findTraceIds(
  client: ClewClient,
  filter: TraceFilter,
  limit: number,
): AsyncGenerator<string> {
  let cursor: string | undefined;
  let missing = limit;
  do {
    const page = await client.searchTraces({
      ...filter,
      limit: String(Math.min(missing, PAGE_SIZE)),
      cursor,
    });
    for (const { traceId } of page.traces) yield traceId;
    missing -= page.traces.length;
    cursor = page.nextCursor;
  } while (cursor !== undefined && missing > 0);
}

/** Spans of one trace: the bytes of an OTLP protobuf request, and what they say. */
export interface TracePart {
  readonly traceId: TraceId;
  readonly bytes: Uint8Array;
  readonly spans: readonly Span[];
}

/**
 * Traces in the order of the ids, each in parts that memory can hold, the parts of one together. `onMissing` is told of those that
 * are not there.
 */
export async function* readTraces(
  client: ClewClient,
  traceIds: AsyncIterable<string> | Iterable<string>,
  onMissing: (traceId: string) => void,
): AsyncGenerator<TracePart> {
  for await (const batch of batchesOf(traceIds)) {
    const missing = new Set(batch);
    for await (const part of readParts(client.streamTraces(batch))) {
      missing.delete(part.traceId);
      yield part;
    }
    for (const traceId of missing) onMissing(traceId);
  }
}

async function* batchesOf(
  traceIds: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<readonly string[]> {
  let batch: string[] = [];
  for await (const traceId of traceIds) {
    if (batch.push(traceId) < MAX_TRACES) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function* readParts(pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<TracePart> {
  try {
    for await (const bytes of readResourceSpans(new ChunkReader(toBuffers(pieces)))) {
      const block = new SpanBlock('');
      decodeTracesProtobuf(bytes, block, NO_DECODE_LIMITS);
      const spans = readSpans(block);
      const traceId = spans[0]?.traceId;
      if (traceId !== undefined) yield { traceId, bytes, spans };
    }
  } finally {
    // Whoever stops asking for parts wants no more of the answer either.
    await pieces.return(undefined);
  }
}

async function* toBuffers(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const { buffer, byteOffset, length } of pieces)
    yield Buffer.from(buffer, byteOffset, length);
}
