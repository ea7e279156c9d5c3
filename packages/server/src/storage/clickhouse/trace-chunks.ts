/**
 * Reads the rows of one trace, of whatever size, in chunks that memory can hold. Rows have places, by start and then span
 * id, and a chunk is all rows between two places: a few short ranges of the big table's order, and what copies a span has come
 * together. Where the places are is asked first, with two columns of many; a small trace is read at once.
 */
import { setImmediate } from 'node:timers/promises';
import { StorageError } from '@clew/model';
import type { TraceRequest } from '../span-store.ts';
import type { Engine } from './engine/engine.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import type { Sql } from './engine/sql.ts';
import { readPlaces, selectPlaces } from './plan/trace-spans.ts';
import type { RowPlace, RowRange, StoredExtent } from './plan/trace-spans.ts';

export interface ChunkedQuestion<Chunk> {
  readonly request: TraceRequest;
  readonly extent: StoredExtent;
  readonly select: (range: RowRange) => Sql;
  /** Reads the answer to its end. */
  readonly read: (reader: RowBinaryReader) => Chunk;
  /** Rows that are read at once: all of a small trace, else those of the first chunk. */
  readonly firstRows: number;
}

/** Rows between two places that are known: the least that a chunk has. */
const STEP_ROWS = 64;
/** What a chunk's answer should have, judged by the chunk before. */
const CHUNK_BYTES = 1 * 1024 ** 2;

/**
 * In order, the rows within a chunk as `select` has them. Spans that arrive meanwhile may or may not be among them. Rejects with
 * `StorageError` when spans were removed meanwhile, so that what is missing is not taken for the whole.
 */
export async function* readChunks<Chunk extends { readonly length: number }>(
  engine: Engine,
  { request, extent, select, read, firstRows }: ChunkedQuestion<Chunk>,
): AsyncGenerator<Chunk> {
  const { signal } = request;
  const ask = async (statement: Sql): Promise<RowBinaryReader> =>
    new RowBinaryReader(await engine.read(statement, { signal }));
  if (extent.rowCount <= firstRows) {
    yield read(await ask(select({})));
    return;
  }
  const places = readPlaces(await ask(selectPlaces(request, extent, STEP_ROWS)));
  let at = 0;
  let lastRows = 0;
  const askNext = (rows: number): Promise<RowBinaryReader> | undefined => {
    if (at === places.length) return undefined;
    const end = nextPlace(places, at, at + Math.max(1, Math.floor(rows / STEP_ROWS)));
    const answer = ask(select({ from: places[at], to: places[end] }));
    // Should an earlier one fail, this one's failure is nobody's business any more.
    answer.catch(() => undefined);
    lastRows = (end - at) * STEP_ROWS;
    at = end;
    return answer;
  };
  let rowCount = 0;
  let next = askNext(firstRows);
  while (next !== undefined) {
    const reader = await next;
    const { byteLength } = reader;
    // The engine reads on while these rows are made something of. Without rows there is nothing to judge by.
    next = askNext(byteLength === 0 ? STEP_ROWS : (lastRows * CHUNK_BYTES) / byteLength);
    // What is made of them keeps the thread busy, so the question is put to the engine before.
    await setImmediate();
    const chunk = read(reader);
    rowCount += chunk.length;
    yield chunk;
  }
  if (rowCount > (places.length - 1) * STEP_ROWS) return;
  throw new StorageError('the trace was removed while it was read', { code: 'unavailable' });
}

/** The first place at `end` or after it that is not the same as the one at `at`: a span may have been sent a thousand times. */
function nextPlace(places: readonly RowPlace[], at: number, end: number): number {
  const from = places[at];
  let next = Math.min(end, places.length);
  const isSame = ({ startUnixNano, spanId }: RowPlace): boolean =>
    startUnixNano === from?.startUnixNano && spanId === from.spanId;
  for (let to = places[next]; to !== undefined && isSame(to); to = places[next]) next++;
  return next;
}
