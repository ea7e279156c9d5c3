/**
 * What the rows of `traces` say of the spans of one segment: of each trace and day when it began and ended, how many spans
 * and errors each service had, and its earliest root. A view of the engine would do the same in SQL for more than a
 * microsecond a span; here it is a look-up in a hash table of trace ids and a few comparisons. Measured by
 * `bench -- rollup`. All memory is typed arrays: no object per span or trace.
 */
import { ByteColumn } from '@clew/model';
import type { SpanBlock } from '@clew/model';
import type { NativeWriter } from '../native/native-writer.ts';
import type { BlockFiling } from '../native/partition-time.ts';
import type { BlockNames, Names } from './names.ts';
import { bytesOf, concatBytes } from './bytes.ts';
import { KeyedRows } from './keyed-rows.ts';

const ERROR_STATUS = 2;
const MAX_HALF = 0xffff_ffff;
/** No service, no name, no further entry. */
const NONE = MAX_HALF;

/** Fields of a trace in its table of 32-bit numbers; id and day are the key. */
const TRACE = {
  id: 0,
  day: 4,
  startLow: 5,
  startHigh: 6,
  endLow: 7,
  endHigh: 8,
  rootStartLow: 9,
  rootStartHigh: 10,
  rootService: 11,
  rootName: 12,
  firstService: 13,
  size: 14,
} as const;

/** Fields of a service's part in a trace; the first two of five words are the key. */
const SERVICE = { trace: 0, service: 1, spanCount: 5, errorCount: 6, next: 7, size: 8 } as const;

export class TraceSummaries {
  readonly #traces = new KeyedRows(TRACE.size);
  readonly #services = new KeyedRows(SERVICE.size);
  readonly #names: Names;

  constructor(names: Names) {
    this.#names = names;
  }

  add(block: SpanBlock, filing: BlockFiling, names: BlockNames): void {
    const ids = block.traceIds.bytes;
    const idWords = new DataView(ids.buffer, ids.byteOffset, ids.byteLength);
    const parents = block.parentSpanIds.bytes;
    const parentWords = new DataView(parents.buffer, parents.byteOffset, parents.byteLength);
    const starts = block.startUnixNano.halves;
    const durations = block.durationNano.halves;
    const statuses = block.statuses.bytes;
    for (let row = 0; row < block.spanCount; row++) {
      const trace = this.#find(idWords, row << 4, filing.days[row] ?? 0);
      this.#widen(trace, row, starts, durations);
      this.#count(trace, names.services[row] ?? 0, statuses[row] === ERROR_STATUS ? 1 : 0);
      const isRoot =
        (parentWords.getInt32(row << 3, true) | parentWords.getInt32((row << 3) + 4, true)) === 0;
      if (isRoot) this.#takeRoot(trace, row, starts, names);
    }
  }

  get rowCount(): number {
    return this.#traces.count;
  }

  /** Writes the columns of `traces` but the tenant, which the caller has written. */
  encode(writer: NativeWriter): void {
    const { count } = this.#traces;
    const ids = new Uint32Array(count * 4);
    const days = new Uint16Array(count);
    const starts = new Uint32Array(count * 2);
    const ends = new Uint32Array(count * 2);
    for (let trace = 0; trace < count; trace++) {
      const { values } = this.#traces;
      const at = trace * TRACE.size;
      ids.set(values.subarray(at, at + 4), trace * 4);
      days[trace] = values[at + TRACE.day] ?? 0;
      starts.set(values.subarray(at + TRACE.startLow, at + TRACE.startHigh + 1), trace * 2);
      ends.set(values.subarray(at + TRACE.endLow, at + TRACE.endHigh + 1), trace * 2);
    }
    writer.plain('partition_date', 'Date', bytesOf(days));
    writer.plain('trace_id', 'FixedString(16)', bytesOf(ids));
    writer.plain('first_start_unix_nano', 'UInt64', bytesOf(starts));
    writer.plain('last_end_unix_nano', 'UInt64', bytesOf(ends));
    writer.plain(
      'services',
      'Tuple(Array(String), Array(UInt64), Array(UInt64))',
      this.#encodeServices(),
    );
    writer.plain('root', 'Tuple(UInt64, String, String)', this.#encodeRoots());
  }

  /** The trace's number, a new one when it was not seen. */
  #find(words: DataView, at: number, day: number): number {
    this.#traces.section = day;
    const found = this.#traces.find(
      words.getUint32(at, true),
      words.getUint32(at + 4, true),
      words.getUint32(at + 8, true),
      words.getUint32(at + 12, true),
    );
    if (found >= 0) return found;
    const trace = -1 - found;
    const { values } = this.#traces;
    const from = trace * TRACE.size;
    values[from + TRACE.startLow] = values[from + TRACE.startHigh] = MAX_HALF;
    values[from + TRACE.rootStartLow] = values[from + TRACE.rootStartHigh] = MAX_HALF;
    values[from + TRACE.rootService] = values[from + TRACE.rootName] = NONE;
    values[from + TRACE.firstService] = NONE;
    return trace;
  }

  /** Takes in a span's times; an end beyond the clock's range is the last moment there is. */
  #widen(trace: number, row: number, starts: Uint32Array, durations: Uint32Array): void {
    const low = starts[row << 1] ?? 0;
    const high = starts[(row << 1) + 1] ?? 0;
    const durationLow = durations[row << 1] ?? 0;
    const durationHigh = durations[(row << 1) + 1] ?? 0;
    const { values } = this.#traces;
    const at = trace * TRACE.size;
    if (isLess(low, high, values[at + TRACE.startLow] ?? 0, values[at + TRACE.startHigh] ?? 0)) {
      values[at + TRACE.startLow] = low;
      values[at + TRACE.startHigh] = high;
    }
    const lowSum = low + durationLow;
    let endLow = lowSum >>> 0;
    let endHigh = high + durationHigh + (lowSum > MAX_HALF ? 1 : 0);
    if (endHigh > MAX_HALF) endLow = endHigh = MAX_HALF;
    if (isLess(values[at + TRACE.endLow] ?? 0, values[at + TRACE.endHigh] ?? 0, endLow, endHigh)) {
      values[at + TRACE.endLow] = endLow;
      values[at + TRACE.endHigh] = endHigh;
    }
  }

  /** A trace may have as many services as spans, so they are found by their key and linked only to be written. */
  #count(trace: number, service: number, errorCount: number): void {
    const found = this.#services.find(trace, service, 0, 0);
    const row = found < 0 ? -1 - found : found;
    const { values } = this.#services;
    const at = row * SERVICE.size;
    if (found < 0) {
      const head = trace * TRACE.size + TRACE.firstService;
      values[at + SERVICE.next] = this.#traces.values[head] ?? NONE;
      this.#traces.values[head] = row;
    }
    values[at + SERVICE.spanCount] = (values[at + SERVICE.spanCount] ?? 0) + 1;
    values[at + SERVICE.errorCount] = (values[at + SERVICE.errorCount] ?? 0) + errorCount;
  }

  /** Of two roots that start together, the one whose service and name come first. */
  #takeRoot(trace: number, row: number, starts: Uint32Array, names: BlockNames): void {
    const low = starts[row << 1] ?? 0;
    const high = starts[(row << 1) + 1] ?? 0;
    const service = names.services[row] ?? 0;
    const name = names.spanNames[row] ?? 0;
    const { values } = this.#traces;
    const at = trace * TRACE.size;
    const rootLow = values[at + TRACE.rootStartLow] ?? 0;
    const rootHigh = values[at + TRACE.rootStartHigh] ?? 0;
    if (isLess(rootLow, rootHigh, low, high)) return;
    const isTied = rootLow === low && rootHigh === high && values[at + TRACE.rootService] !== NONE;
    if (
      isTied &&
      !this.#comesFirst(
        service,
        name,
        values[at + TRACE.rootService] ?? 0,
        values[at + TRACE.rootName] ?? 0,
      )
    ) {
      return;
    }
    values[at + TRACE.rootStartLow] = low;
    values[at + TRACE.rootStartHigh] = high;
    values[at + TRACE.rootService] = service;
    values[at + TRACE.rootName] = name;
  }

  #comesFirst(service: number, name: number, otherService: number, otherName: number): boolean {
    const services = compareUtf8(this.#names.text(service), this.#names.text(otherService));
    if (services !== 0) return services < 0;
    return compareUtf8(this.#names.text(name), this.#names.text(otherName)) < 0;
  }

  /** Three arrays of one length a trace: names, spans, failed spans. A tuple's columns follow one another. */
  #encodeServices(): Uint8Array {
    const { count } = this.#traces;
    const ends = new BigUint64Array(count);
    const names = new ByteColumn();
    const spanCounts = new BigUint64Array(this.#services.count);
    const errorCounts = new BigUint64Array(this.#services.count);
    let written = 0;
    for (let trace = 0; trace < count; trace++) {
      let entry = this.#traces.values[trace * TRACE.size + TRACE.firstService] ?? NONE;
      while (entry !== NONE) {
        const { values } = this.#services;
        const at = entry * SERVICE.size;
        this.#names.writeTo(names, values[at + SERVICE.service] ?? 0);
        spanCounts[written] = BigInt(values[at + SERVICE.spanCount] ?? 0);
        errorCounts[written] = BigInt(values[at + SERVICE.errorCount] ?? 0);
        written++;
        entry = values[at + SERVICE.next] ?? NONE;
      }
      ends[trace] = BigInt(written);
    }
    return concatBytes([ends, names.bytes, ends, spanCounts, ends, errorCounts]);
  }

  /** When the earliest root began, its service, its name; the last moment there is where there is no root. */
  #encodeRoots(): Uint8Array {
    const { values, count } = this.#traces;
    const starts = new Uint32Array(count * 2);
    const services = new ByteColumn();
    const names = new ByteColumn();
    for (let trace = 0; trace < count; trace++) {
      const at = trace * TRACE.size;
      starts.set(values.subarray(at + TRACE.rootStartLow, at + TRACE.rootStartHigh + 1), trace * 2);
      for (const [column, number] of [
        [services, values[at + TRACE.rootService]],
        [names, values[at + TRACE.rootName]],
      ] as const) {
        if (number === undefined || number === NONE) column.pushLength(0);
        else this.#names.writeTo(column, number);
      }
    }
    return concatBytes([starts, services.bytes, names.bytes]);
  }
}

function isLess(low: number, high: number, otherLow: number, otherHigh: number): boolean {
  return high < otherHigh || (high === otherHigh && low < otherLow);
}

/** As the engine compares strings. */
function compareUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
