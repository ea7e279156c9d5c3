import { highestBit } from './bits.ts';

/** A table of finite state entropy (RFC 8878, 4.1): for each state its symbol and how the next state is found. */
export interface FseTable {
  readonly accuracy: number;
  readonly symbols: Uint8Array;
  readonly bitCounts: Uint8Array;
  readonly baselines: Uint16Array;
}

/** A table that was read, and where its description ends. */
export interface FseDescription {
  readonly table: FseTable;
  readonly end: number;
}

export interface FseBounds {
  readonly maxAccuracy: number;
  readonly maxSymbol: number;
}

const LESS_THAN_ONE = -1;

/** Reads the description of a table (RFC 8878, 4.1.1); `undefined` when it is malformed. */
export function readFseTable(
  bytes: Uint8Array,
  start: number,
  end: number,
  { maxAccuracy, maxSymbol }: FseBounds,
): FseDescription | undefined {
  let bit = start * 8;
  const read = (count: number): number => {
    const at = bit >> 3;
    const word = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
    const value = (word >> (bit & 7)) & ((1 << count) - 1);
    bit += count;
    return value;
  };
  const accuracy = read(4) + 5;
  if (accuracy > maxAccuracy) return undefined;
  const probabilities: number[] = [];
  let left = 1 << accuracy;
  while (left > 0) {
    if (probabilities.length > maxSymbol || bit > end * 8) return undefined;
    const count = highestBit(left + 1) + 1;
    const value = read(count);
    const lowMask = (1 << (count - 1)) - 1;
    const threshold = (1 << count) - 1 - (left + 1);
    let probability = value;
    if ((value & lowMask) < threshold) {
      // Small values need one bit less.
      bit--;
      probability = value & lowMask;
    } else if (value > lowMask) probability = value - threshold;
    probability--;
    left -= Math.abs(probability);
    probabilities.push(probability);
    if (probability !== 0) continue;
    for (let repeats = 3; repeats === 3;) {
      repeats = read(2);
      for (let i = 0; i < repeats; i++) probabilities.push(0);
      if (probabilities.length > maxSymbol + 1) return undefined;
    }
  }
  const tableEnd = (bit + 7) >> 3;
  if (left < 0 || probabilities.length > maxSymbol + 1 || tableEnd > end) return undefined;
  return { table: buildFseTable(probabilities, accuracy), end: tableEnd };
}

/** Spreads symbols over the states by their probabilities, which add up to the number of states (4.1.1). */
export function buildFseTable(probabilities: readonly number[], accuracy: number): FseTable {
  const size = 1 << accuracy;
  const symbols = new Uint8Array(size);
  const bitCounts = new Uint8Array(size);
  const baselines = new Uint16Array(size);
  const next = new Uint16Array(probabilities.length);
  let high = size;
  for (let symbol = 0; symbol < probabilities.length; symbol++) {
    const probability = probabilities[symbol] ?? 0;
    if (probability === LESS_THAN_ONE) symbols[--high] = symbol;
    next[symbol] = Math.abs(probability);
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  for (let symbol = 0; symbol < probabilities.length; symbol++) {
    for (let i = 0; i < (probabilities[symbol] ?? 0); i++) {
      symbols[at] = symbol;
      do at = (at + step) & (size - 1);
      while (at >= high);
    }
  }
  for (let state = 0; state < size; state++) {
    const symbol = symbols[state] ?? 0;
    const occurrence = next[symbol] ?? 0;
    next[symbol] = occurrence + 1;
    const bitCount = accuracy - highestBit(occurrence);
    bitCounts[state] = bitCount;
    baselines[state] = (occurrence << bitCount) - size;
  }
  return { accuracy, symbols, bitCounts, baselines };
}

/** A table that knows one symbol and takes no bits (RFC 8878, 3.1.1.3.2.1.1, `RLE_Mode`). */
export function buildSingleTable(symbol: number): FseTable {
  return {
    accuracy: 0,
    symbols: Uint8Array.of(symbol),
    bitCounts: Uint8Array.of(0),
    baselines: Uint16Array.of(0),
  };
}
