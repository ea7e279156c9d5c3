import { buildFseTable } from './fse.ts';
import type { FseBounds, FseTable } from './fse.ts';

/** How the numbers of one kind in a sequence are coded (RFC 8878, 3.1.1.3.2). */
export interface SequenceCode {
  readonly bounds: FseBounds;
  /** The table of `Predefined_Mode`. */
  readonly predefined: FseTable;
}

/** A symbol stands for a range of numbers: the first of it, and how many bits say where in it. */
export interface NumberRanges {
  readonly first: Uint32Array;
  readonly extraBits: Uint8Array;
}

/** `value` so many times: the tables of RFC 8878 are mostly runs. */
const run = (count: number, value: number): readonly number[] => Array(count).fill(value);

/** Default distributions of RFC 8878, 3.1.1.3.2.2; -1 is its "less than 1". */
const LITERAL_LENGTH_ODDS = [
  4,
  3,
  ...run(11, 2),
  ...run(3, 1),
  ...run(9, 2),
  3,
  2,
  ...run(5, 1),
  ...run(4, -1),
];
const MATCH_LENGTH_ODDS = [1, 4, 3, ...run(6, 2), ...run(37, 1), ...run(7, -1)];
const OFFSET_ODDS = [...run(6, 1), ...run(3, 2), ...run(15, 1), ...run(5, -1)];

/** Longer offsets than 2^30 are beyond every request. */
const MAX_OFFSET_SYMBOL = 30;

export const LITERAL_LENGTH_CODE: SequenceCode = createCode(LITERAL_LENGTH_ODDS, 6, 9, 35);
export const OFFSET_CODE: SequenceCode = createCode(OFFSET_ODDS, 5, 8, MAX_OFFSET_SYMBOL);
export const MATCH_LENGTH_CODE: SequenceCode = createCode(MATCH_LENGTH_ODDS, 6, 9, 52);

/** RFC 8878, 3.1.1.3.2.1.1. */
export const LITERAL_LENGTHS: NumberRanges = createRanges(0, [
  ...run(16, 0),
  1,
  1,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  6,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  16,
]);
export const MATCH_LENGTHS: NumberRanges = createRanges(3, [
  ...run(32, 0),
  1,
  1,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  4,
  5,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  16,
]);

function createCode(
  odds: readonly number[],
  accuracy: number,
  maxAccuracy: number,
  maxSymbol: number,
): SequenceCode {
  return {
    bounds: { maxAccuracy, maxSymbol },
    predefined: buildFseTable(odds, accuracy),
  };
}

/** Each range begins where the one before ends. */
function createRanges(start: number, extraBits: readonly number[]): NumberRanges {
  const first = new Uint32Array(extraBits.length);
  let next = start;
  for (const [symbol, bits] of extraBits.entries()) {
    first[symbol] = next;
    next += 2 ** bits;
  }
  return { first, extraBits: Uint8Array.from(extraBits) };
}
