/**
 * A trace as columns of numbers, for the screen: a million spans are some 50 MB that are looked at where they lie, with no
 * object and no string a span. All numbers are little-endian.
 *
 *     4 bytes   `CLWC`
 *     uint32    the version, 1
 *     uint32    the length of the header in bytes, a multiple of 8
 *     uint32    0
 *     header    JSON in UTF-8, filled up with spaces: `TraceColumnsHeader`
 *     columns   each at the offset that the header says, a multiple of 8
 *
 * What the columns hold is said at `TraceColumns` in the model.
 */
import { DecodeError, parseTraceId, unixNano } from '@clew/model';
import type { TraceColumns, TraceId } from '@clew/model';
import { z } from 'zod';
import { count, decimal, traceId } from './trace-json.ts';

export const TRACE_COLUMNS_MAGIC: readonly number[] = [0x43, 0x4c, 0x57, 0x43];
export const TRACE_COLUMNS_VERSION = 1;
export const TRACE_COLUMNS_PREAMBLE_BYTES = 16;

/** The columns in their order, with the bytes of a number of each. */
export const TRACE_COLUMN_BYTES = {
  startsNs: 8,
  durationsNs: 8,
  eventTimesNs: 8,
  spanIds: 1,
  parents: 4,
  serviceIndexes: 4,
  nameIndexes: 4,
  attributeCounts: 4,
  linkCounts: 4,
  eventFirsts: 4,
  eventNameIndexes: 4,
  kinds: 1,
  statuses: 1,
  cancelled: 1,
} as const;

export type TraceColumnName = keyof typeof TRACE_COLUMN_BYTES;

/** What is not a column, as in `TraceColumns`. */
export interface TraceColumnsHeader {
  readonly traceId: string;
  /** Decimal digits. */
  readonly startUnixNano: string;
  readonly spanCount: number;
  readonly eventCount: number;
  readonly missingParentCount: number;
  readonly services: readonly string[];
  readonly names: readonly string[];
  readonly eventNames: readonly string[];
  /** Where each column begins, in bytes behind the header. */
  readonly offsets: ColumnOffsets;
}

/** A server from before there was a column has no offset of it. */
interface ColumnOffsets extends Readonly<Record<Exclude<TraceColumnName, 'cancelled'>, number>> {
  readonly cancelled?: number | undefined;
}

const offset = count.refine((value) => value % 8 === 0);
const texts = z.array(z.string());

const header: z.ZodType<TraceColumnsHeader> = z.object({
  traceId,
  startUnixNano: decimal,
  spanCount: count,
  eventCount: count,
  missingParentCount: count,
  services: texts,
  names: texts,
  eventNames: texts,
  offsets: z.object({
    startsNs: offset,
    durationsNs: offset,
    eventTimesNs: offset,
    spanIds: offset,
    parents: offset,
    serviceIndexes: offset,
    nameIndexes: offset,
    attributeCounts: offset,
    linkCounts: offset,
    eventFirsts: offset,
    eventNameIndexes: offset,
    kinds: offset,
    statuses: offset,
    cancelled: offset.optional(),
  }),
});

/** The columns are views of `buffer`. Throws `DecodeError` for what is none, of another version, or cut short. */
export function decodeTraceColumns(buffer: ArrayBuffer): TraceColumns {
  const headerEnd = readPreamble(buffer);
  const { offsets, ...known } = readHeader(buffer, headerEnd);
  const { spanCount, eventCount } = known;
  /** Where the `length` numbers of a column begin. */
  const place = (name: TraceColumnName, length: number): [ArrayBuffer, number, number] => {
    const start = headerEnd + (offsets[name] ?? 0);
    const end = start + length * TRACE_COLUMN_BYTES[name];
    if (end > buffer.byteLength) fail(`${name} ends behind the bytes`, start);
    return [buffer, start, length];
  };
  return {
    traceId: parseTraceId(known.traceId) ?? (known.traceId as TraceId),
    startUnixNano: unixNano(BigInt(known.startUnixNano)),
    spanCount,
    missingParentCount: known.missingParentCount,
    services: known.services,
    names: known.names,
    eventNames: known.eventNames,
    startsNs: new Float64Array(...place('startsNs', spanCount)),
    durationsNs: new Float64Array(...place('durationsNs', spanCount)),
    eventTimesNs: new Float64Array(...place('eventTimesNs', eventCount)),
    spanIds: new Uint8Array(...place('spanIds', spanCount * 8)),
    parents: new Int32Array(...place('parents', spanCount)),
    serviceIndexes: new Uint32Array(...place('serviceIndexes', spanCount)),
    nameIndexes: new Uint32Array(...place('nameIndexes', spanCount)),
    attributeCounts: new Uint32Array(...place('attributeCounts', spanCount)),
    linkCounts: new Uint32Array(...place('linkCounts', spanCount)),
    eventFirsts: new Uint32Array(...place('eventFirsts', spanCount + 1)),
    eventNameIndexes: new Uint32Array(...place('eventNameIndexes', eventCount)),
    kinds: new Uint8Array(...place('kinds', spanCount)),
    statuses: new Uint8Array(...place('statuses', spanCount)),
    cancelled:
      offsets.cancelled === undefined
        ? new Uint8Array(spanCount)
        : new Uint8Array(...place('cancelled', spanCount)),
  };
}

/** Gives where the header ends. */
function readPreamble(buffer: ArrayBuffer): number {
  if (buffer.byteLength < TRACE_COLUMNS_PREAMBLE_BYTES) fail('cut short', buffer.byteLength);
  const view = new DataView(buffer);
  if (TRACE_COLUMNS_MAGIC.some((byte, at) => view.getUint8(at) !== byte))
    fail('does not begin with CLWC', 0);
  const version = view.getUint32(4, true);
  if (version !== TRACE_COLUMNS_VERSION) fail(`version ${version} is not known`, 4);
  const length = view.getUint32(8, true);
  if (length % 8 > 0) fail(`a header of ${length} bytes`, 8);
  const end = TRACE_COLUMNS_PREAMBLE_BYTES + length;
  if (end > buffer.byteLength) fail('the header ends behind the bytes', 8);
  return end;
}

function readHeader(buffer: ArrayBuffer, end: number): TraceColumnsHeader {
  const length = end - TRACE_COLUMNS_PREAMBLE_BYTES;
  const bytes = new Uint8Array(buffer, TRACE_COLUMNS_PREAMBLE_BYTES, length);
  const parsed = header.safeParse(parseJson(new TextDecoder().decode(bytes)));
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0] ?? { path: [], message: '' };
  return fail(`the header is not understood: ${path.join('.')}: ${message}`, 16);
}

/** `undefined` when it is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The header's own check says so.
    return undefined;
  }
}

function fail(message: string, at: number): never {
  throw new DecodeError(message, { format: 'trace columns', offset: at });
}
