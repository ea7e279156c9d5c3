/**
 * What the rows of `red_1m` say of the spans of one segment: of each service, span name, kind and status how many began in
 * each minute, how many they stand for, how long they took together, and their latency sketch. Measured by
 * `bench -- rollup`.
 */
import { ByteColumn, latencyBucket } from '@clew/model';
import type { SpanBlock } from '@clew/model';
import type { NativeWriter } from '../native/native-writer.ts';
import type { BlockFiling } from '../native/partition-time.ts';
import { BucketWeights } from './bucket-weights.ts';
import { bytesOf, concatBytes } from './bytes.ts';
import { KeyedRows } from './keyed-rows.ts';
import { minutesOf } from './minutes-of.ts';
import type { BlockNames, Names } from './names.ts';

/** Fields of a group: spans of a minute that have all but their times in common. All but the last are the key. */
const GROUP = {
  service: 0,
  spanName: 1,
  kindAndStatus: 2,
  minute: 3,
  day: 4,
  spanCount: 5,
  size: 6,
} as const;

/** Sums of a group. The halves of durations are summed apart: each sum stays exact for two million spans. */
const SUM = { weight: 0, durationLow: 1, durationHigh: 2, size: 3 } as const;

export class RequestRates {
  readonly #names: Names;
  readonly #groups = new KeyedRows(GROUP.size);
  readonly #buckets = new BucketWeights();
  #sums = new Float64Array(256 * SUM.size);

  constructor(names: Names) {
    this.#names = names;
  }

  add(block: SpanBlock, filing: BlockFiling, { services, spanNames }: BlockNames): void {
    const durations = block.durationNano.halves;
    const kinds = block.kinds.bytes;
    const statuses = block.statuses.bytes;
    const weights = block.weights.values;
    const minutes = minutesOf(block, filing);
    for (let row = 0; row < block.spanCount; row++) {
      const kindAndStatus = ((kinds[row] ?? 0) << 2) | (statuses[row] ?? 0);
      this.#groups.section = filing.days[row] ?? 0;
      const group = numberOf(
        this.#groups.find(
          services[row] ?? 0,
          spanNames[row] ?? 0,
          kindAndStatus,
          minutes[row] ?? 0,
        ),
      );
      const count = group * GROUP.size + GROUP.spanCount;
      this.#groups.values[count] = (this.#groups.values[count] ?? 0) + 1;
      const low = durations[row << 1] ?? 0;
      const high = durations[(row << 1) + 1] ?? 0;
      const weight = weights[row] ?? 1;
      this.#sum(group, weight, low, high);
      this.#buckets.add(group, latencyBucket(low, high), weight);
    }
  }

  get rowCount(): number {
    return this.#groups.count;
  }

  /** In which spans began, since 1970. */
  minutes(): ReadonlySet<number> {
    return new Set(this.#column(GROUP.minute));
  }

  /** Writes the columns of `red_1m` but the tenant. */
  encode(writer: NativeWriter): void {
    const kindsAndStatuses = this.#column(GROUP.kindAndStatus);
    const spanCounts = BigUint64Array.from(this.#column(GROUP.spanCount), BigInt);
    writer.plain('partition_date', 'Date', bytesOf(Uint16Array.from(this.#column(GROUP.day))));
    writer.plain(
      'minute',
      'DateTime',
      bytesOf(this.#column(GROUP.minute).map((each) => each * 60)),
    );
    writer.plain('service', 'String', this.#encodeNames(this.#column(GROUP.service)));
    writer.plain('name', 'String', this.#encodeNames(this.#column(GROUP.spanName)));
    writer.plain(
      'kind',
      'UInt8',
      Uint8Array.from(kindsAndStatuses, (each) => each >> 2),
    );
    writer.plain(
      'status',
      'UInt8',
      Uint8Array.from(kindsAndStatuses, (each) => each & 3),
    );
    writer.plain('span_count', 'UInt64', bytesOf(spanCounts));
    writer.plain('weight', 'Float64', bytesOf(this.#weights()));
    writer.plain('duration_nano', 'UInt64', bytesOf(this.#sumDurations()));
    writer.plain('latency', 'Tuple(Array(UInt16), Array(Float64))', this.#encodeLatencies());
  }

  #column(field: number): Uint32Array {
    const { values } = this.#groups;
    return Uint32Array.from(
      { length: this.rowCount },
      (_, row) => values[row * GROUP.size + field] ?? 0,
    );
  }

  #encodeNames(numbers: Uint32Array): Uint8Array {
    const column = new ByteColumn();
    for (const number of numbers) this.#names.writeTo(column, number);
    return column.bytes;
  }

  #sum(group: number, weight: number, durationLow: number, durationHigh: number): void {
    const at = group * SUM.size;
    if (at >= this.#sums.length) this.#growSums();
    const sums = this.#sums;
    sums[at] = (sums[at] ?? 0) + weight;
    sums[at + SUM.durationLow] = (sums[at + SUM.durationLow] ?? 0) + durationLow;
    sums[at + SUM.durationHigh] = (sums[at + SUM.durationHigh] ?? 0) + durationHigh;
  }

  #growSums(): void {
    const grown = new Float64Array(this.#sums.length * 4);
    grown.set(this.#sums);
    this.#sums = grown;
  }

  #weights(): Float64Array {
    return Float64Array.from(
      { length: this.rowCount },
      (_, row) => this.#sums[row * SUM.size + SUM.weight] ?? 0,
    );
  }

  #sumDurations(): BigUint64Array {
    return BigUint64Array.from({ length: this.rowCount }, (_, row) => {
      const at = row * SUM.size;
      const high = BigInt(this.#sums[at + SUM.durationHigh] ?? 0) << 32n;
      return BigInt.asUintN(64, high + BigInt(this.#sums[at + SUM.durationLow] ?? 0));
    });
  }

  /** The buckets lie in no order, and are brought in that of their groups by counting. */
  #encodeLatencies(): Uint8Array {
    const { count } = this.#buckets;
    const ends = new BigUint64Array(this.rowCount);
    const places = new Uint32Array(this.rowCount + 1);
    this.#buckets.forEach((group) => {
      places[group + 1] = (places[group + 1] ?? 0) + 1;
    });
    for (let group = 0; group < ends.length; group++) {
      const end = (places[group] ?? 0) + (places[group + 1] ?? 0);
      places[group + 1] = end;
      ends[group] = BigInt(end);
    }
    const buckets = new Uint16Array(count);
    const weights = new Float64Array(count);
    this.#buckets.forEach((group, bucket, weight) => {
      const place = places[group] ?? 0;
      places[group] = place + 1;
      buckets[place] = bucket;
      weights[place] = weight;
    });
    return concatBytes([ends, buckets, ends, weights]);
  }
}

/** Of a row, whether it was found or added. */
function numberOf(found: number): number {
  return found < 0 ? -1 - found : found;
}
