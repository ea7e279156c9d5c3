import type { SpanBlock } from '@clew/model';
import type { BlockFiling } from '../native/partition-time.ts';

const NANOS_PER_MINUTE = 6e10;
const TWO_TO_32 = 2 ** 32;
/** A 64-bit number as a `double` is off by at most 1024 above 2^63. */
const ROUNDING = 2048;

/** The minute each span counts in, since 1970: that of its start, or its partition's first where the start is out of bounds. */
export function minutesOf(block: SpanBlock, { partitions, clamped }: BlockFiling): Uint32Array {
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
