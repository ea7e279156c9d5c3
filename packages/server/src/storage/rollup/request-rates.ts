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
import type { BlockNames, Names } from './names.ts';

/** The spans of a minute that have all but their times in common. */
interface Group {
  readonly day: number;
  /** Since 1970. */
  readonly minute: number;
  readonly service: number;
  readonly spanName: number;
  readonly kind: number;
  readonly status: number;
  spanCount: number;
  weight: number;
  /** The halves of all durations are summed apart: each sum stays exact for two million spans. */
  durationLow: number;
  durationHigh: number;
  /** Weight by bucket. */
  readonly latency: Map<number, number>;
}

const NANOS_PER_MINUTE = 6e10;
const TWO_TO_32 = 2 ** 32;
/** A 64-bit number as a `double` is off by at most 1024 above 2^63. */
const ROUNDING = 2048;

export class RequestRates {
  readonly #names: Names;
  readonly #groups: Group[] = [];
  /** By day and minute, then by what else tells groups apart. Spans come in runs of one minute. */
  readonly #minutes = new Map<number, Map<number, Group>>();
  /** Numbers of pairs of service and name. */
  readonly #pairs = new Map<number, number>();
  #minute = -1;
  #day = -1;
  #groupsOfMinute = new Map<number, Group>();

  constructor(names: Names) {
    this.#names = names;
  }

  get groups(): readonly Readonly<Group>[] {
    return this.#groups;
  }

  add(block: SpanBlock, filing: BlockFiling, names: BlockNames): void {
    const durations = block.durationNano.halves;
    const kinds = block.kinds.bytes;
    const statuses = block.statuses.bytes;
    const weights = block.weights.values;
    const pairs = this.#numberPairs(names);
    const minutes = minutesOf(block, filing);
    for (let row = 0; row < block.spanCount; row++) {
      this.#enterMinute(filing.days[row] ?? 0, minutes[row] ?? 0);
      const kind = kinds[row] ?? 0;
      const status = statuses[row] ?? 0;
      const key = ((pairs[row] ?? 0) << 5) | (kind << 2) | status;
      let group = this.#groupsOfMinute.get(key);
      if (group === undefined) {
        group = this.#addGroup({
          service: names.services[row] ?? 0,
          spanName: names.spanNames[row] ?? 0,
          kind,
          status,
        });
        this.#groupsOfMinute.set(key, group);
      }
      const low = durations[row << 1] ?? 0;
      const high = durations[(row << 1) + 1] ?? 0;
      const weight = weights[row] ?? 1;
      group.spanCount++;
      group.weight += weight;
      group.durationLow += low;
      group.durationHigh += high;
      const bucket = latencyBucket(low, high);
      group.latency.set(bucket, (group.latency.get(bucket) ?? 0) + weight);
    }
  }

  get rowCount(): number {
    return this.#groups.length;
  }

  /** Writes the columns of `red_1m` but the tenant. */
  encode(writer: NativeWriter): void {
    const groups = this.#groups;
    const column = (read: (group: Group) => number): number[] => groups.map(read);
    writer.plain('partition_date', 'Date', bytesOf(Uint16Array.from(column((g) => g.day))));
    writer.plain('minute', 'DateTime', bytesOf(Uint32Array.from(column((g) => g.minute * 60))));
    writer.plain('service', 'String', this.#encodeNames(column((g) => g.service)));
    writer.plain('name', 'String', this.#encodeNames(column((g) => g.spanName)));
    writer.plain('kind', 'UInt8', bytesOf(Uint8Array.from(column((g) => g.kind))));
    writer.plain('status', 'UInt8', bytesOf(Uint8Array.from(column((g) => g.status))));
    writer.plain(
      'span_count',
      'UInt64',
      bytesOf(
        BigUint64Array.from(
          column((g) => g.spanCount),
          BigInt,
        ),
      ),
    );
    writer.plain('weight', 'Float64', bytesOf(Float64Array.from(column((g) => g.weight))));
    writer.plain('duration_nano', 'UInt64', bytesOf(BigUint64Array.from(groups, sumOfDurations)));
    writer.plain('latency', 'Tuple(Array(UInt16), Array(Float64))', encodeLatencies(groups));
  }

  #enterMinute(day: number, minute: number): void {
    if (minute === this.#minute && day === this.#day) return;
    this.#minute = minute;
    this.#day = day;
    // A day has 1440 minutes, and a span with a broken clock may be filed under a day that its minute is not of.
    const key = day * 2 ** 32 + minute;
    let groups = this.#minutes.get(key);
    if (groups === undefined) this.#minutes.set(key, (groups = new Map()));
    this.#groupsOfMinute = groups;
  }

  #addGroup(key: Pick<Group, 'service' | 'spanName' | 'kind' | 'status'>): Group {
    const group: Group = {
      day: this.#day,
      minute: this.#minute,
      ...key,
      spanCount: 0,
      weight: 0,
      durationLow: 0,
      durationHigh: 0,
      latency: new Map(),
    };
    this.#groups.push(group);
    return group;
  }

  /** Of each row the number of its pair of service and name. Mostly it is that of a row shortly before. */
  #numberPairs({ services, spanNames }: BlockNames): Int32Array {
    const numbers = new Int32Array(services.length);
    for (let row = 0; row < numbers.length; row++) {
      const key = (services[row] ?? 0) * 2 ** 24 + (spanNames[row] ?? 0);
      let number = this.#pairs.get(key);
      if (number === undefined) this.#pairs.set(key, (number = this.#pairs.size));
      numbers[row] = number;
    }
    return numbers;
  }

  #encodeNames(numbers: readonly number[]): Uint8Array {
    const column = new ByteColumn();
    for (const number of numbers) this.#names.writeTo(column, number);
    return column.bytes;
  }
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

function sumOfDurations({ durationLow, durationHigh }: Group): bigint {
  return BigInt.asUintN(64, (BigInt(durationHigh) << 32n) + BigInt(durationLow));
}

function encodeLatencies(groups: readonly Group[]): Uint8Array {
  const ends = new BigUint64Array(groups.length);
  const buckets: number[] = [];
  const weights: number[] = [];
  groups.forEach(({ latency }, i) => {
    for (const [bucket, weight] of latency) {
      buckets.push(bucket);
      weights.push(weight);
    }
    ends[i] = BigInt(buckets.length);
  });
  return concatBytes([ends, Uint16Array.from(buckets), ends, Float64Array.from(weights)]);
}
