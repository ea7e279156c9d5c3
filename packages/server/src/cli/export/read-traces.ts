import { ApiError } from '@clew/api';
import type { ClewClient } from '@clew/api';

/** Which traces to look for; times are nanoseconds since 1970 in decimal digits. */
export interface TraceFilter {
  readonly service?: string | undefined;
  readonly spanName?: string | undefined;
  readonly start?: string | undefined;
  readonly end?: string | undefined;
}

/** The most that one answer holds. */
const PAGE_SIZE = 1000;

/** Traces that are asked for ahead of the one that is being written. */
const READ_AHEAD = 4;

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

/** Each trace as an OTLP protobuf request, in the order of the ids. `onMissing` is told of those that are not there. */
export async function* readTraces(
  client: ClewClient,
  traceIds: AsyncIterable<string> | Iterable<string>,
  onMissing: (traceId: string) => void,
): AsyncGenerator<Uint8Array> {
  const ahead: Promise<Uint8Array | undefined>[] = [];
  for await (const traceId of traceIds) {
    const reading = readTrace(client, traceId, onMissing);
    // Should an earlier one fail, this one's failure is nobody's business any more.
    reading.catch(() => undefined);
    ahead.push(reading);
    if (ahead.length < READ_AHEAD) continue;
    const trace = await ahead.shift();
    if (trace !== undefined) yield trace;
  }
  for (const reading of ahead) {
    const trace = await reading;
    if (trace !== undefined) yield trace;
  }
}

async function readTrace(
  client: ClewClient,
  traceId: string,
  onMissing: (traceId: string) => void,
): Promise<Uint8Array | undefined> {
  try {
    return await client.readTraceProtobuf(traceId);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'not_found') throw error;
    onMissing(traceId);
    return undefined;
  }
}
