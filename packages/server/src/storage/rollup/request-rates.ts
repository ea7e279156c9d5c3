/**
 * What the rows of `red_1m` say of the spans of one segment: of each service, span name, kind and status how many began in
 * each minute, how many they stand for, how long they took together, and their latency sketch. Measured by
 * `bench -- rollup`.
 */
import { ByteColumn } from '@clew/model';
import type { SpanBlock } from '@clew/model';
import type { NativeWriter } from '../native/native-writer.ts';
import type { BlockFiling } from '../native/partition-time.ts';
import { bytesOf, concatBytes } from './bytes.ts';
import { latencyBucket } from './latency-bucket.ts';
import { KeyedRows } from './keyed-rows.ts';
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

/** Fields of a bucket of a group's latency sketch. */
const BUCKET = { group: 0, bucket: 1, size: 5 } as const;

const NANOS_PER_MINUTE = 6e10;
const TWO_TO_32 = 2 ** 32;
/** A 64-bit number as a `double` is off by at most 1024 above 2^63. */
const ROUNDING = 2048;

export class RequestRates {
  readonly #names: Names;
  readonly #groups = new KeyedRows(GROUP.size);
  readonly #buckets = new KeyedRows(BUCKET.size);
  /** Of each group: how many spans its spans stand for. */
  readonly #weights = new GrowingSums();
  /** The halves of durations are summed apart: each sum stays exact for two million spans. */
  readonly #durationLows = new GrowingSums();
  readonly #durationHighs = new GrowingSums();
  /** Of each bucket. */
  readonly #bucketWeights = new GrowingSums();

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
      this.#weights.add(group, weight);
      this.#durationLows.add(group, low);
      this.#durationHighs.add(group, high);
      const bucket = this.#buckets.find(group, latencyBucket(low, high), 0, 0);
      this.#bucketWeights.add(numberOf(bucket), weight);
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
    const { rowCount } = this;
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
    writer.plain('weight', 'Float64', bytesOf(this.#weights.values.subarray(0, rowCount)));
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

  #sumDurations(): BigUint64Array {
    return BigUint64Array.from({ length: this.rowCount }, (_, row) => {
      const high = BigInt(this.#durationHighs.values[row] ?? 0) << 32n;
      return BigInt.asUintN(64, high + BigInt(this.#durationLows.values[row] ?? 0));
    });
  }

  /** The buckets lie in the order they were first met, and are brought in that of their groups by counting. */
  #encodeLatencies(): Uint8Array {
    const { values, count } = this.#buckets;
    const ends = new BigUint64Array(this.rowCount);
    const places = new Uint32Array(this.rowCount + 1);
    for (let i = 0; i < count; i++) {
      const group = values[i * BUCKET.size + BUCKET.group] ?? 0;
      places[group + 1] = (places[group + 1] ?? 0) + 1;
    }
    for (let group = 0; group < ends.length; group++) {
      const end = (places[group] ?? 0) + (places[group + 1] ?? 0);
      places[group + 1] = end;
      ends[group] = BigInt(end);
    }
    const buckets = new Uint16Array(count);
    const weights = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const group = values[i * BUCKET.size + BUCKET.group] ?? 0;
      const place = places[group] ?? 0;
      places[group] = place + 1;
      buckets[place] = values[i * BUCKET.size + BUCKET.bucket] ?? 0;
      weights[place] = this.#bucketWeights.values[i] ?? 0;
    }
    return concatBytes([ends, buckets, ends, weights]);
  }
}

/** A growing column of sums, 0 where nothing was added. */
class GrowingSums {
  values: Float64Array<ArrayBuffer> = new Float64Array(256);

  add(index: number, amount: number): void {
    if (index >= this.values.length) {
      const grown = new Float64Array(Math.max(index + 1, this.values.length * 2));
      grown.set(this.values);
      this.values = grown;
    }
    this.values[index] = (this.values[index] ?? 0) + amount;
  }
}

/** Of a row, whether it was found or added. */
function numberOf(found: number): number {
  return found < 0 ? -1 - found : found;
}

/** The minute each span counts in, since 1970: that of its start, or its partition's first where the start is out of bounds. */
function minutesOf(block: SpanBlock, { partitions, clamped }: BlockFiling): Uint32Array {
  const minutes = new Uint32Array(block.spanCount);
  const { halves } = block.startUnixNano;
  for (let row = 0; row < minutes.length; row++) {
    if (clamped[row] !== 0) {
      minutes[row] = (partitions[row] ?? 0) / 60;
      continue;
    }
    const nanos = (halves[(row << 1) + 1] ?? 0) * TWO_TO_32 + (halves[row << 1] ?? 0);
    const minute = Math.floor(nanos / NANOS_PER_MINUTE);
    const into = nanos - minute * NANOS_PER_MINUTE;
    const isSure = into > ROUNDING && into < NANOS_PER_MINUTE - ROUNDING;
    minutes[row] = isSure ? minute : Number(block.startUnixNano.at(row) / BigInt(NANOS_PER_MINUTE));
  }
  return minutes;
}
