import { BackwardBits, highestBit } from './bits.ts';
import { readFseTable } from './fse.ts';

/** Symbols and lengths of codes, by the next `maxBits` bits of the stream (RFC 8878, 4.2). */
export interface HuffmanTable {
  readonly maxBits: number;
  readonly symbols: Uint8Array;
  readonly bitCounts: Uint8Array;
}

export interface HuffmanDescription {
  readonly table: HuffmanTable;
  readonly end: number;
}

const MAX_BITS = 11;
const MAX_WEIGHTS = 255;
const WEIGHT_BOUNDS = { maxAccuracy: 6, maxSymbol: MAX_BITS + 1 };

/** Reads a tree's description (RFC 8878, 4.2.1); `undefined` when it is malformed. */
export function readHuffmanTable(
  bytes: Uint8Array,
  start: number,
  end: number,
): HuffmanDescription | undefined {
  if (start >= end) return undefined;
  const header = bytes[start] ?? 0;
  const isDirect = header >= 128;
  const treeEnd = start + 1 + (isDirect ? (header - 127 + 1) >> 1 : header);
  if (treeEnd > end) return undefined;
  const weights = isDirect
    ? readDirectWeights(bytes, start + 1, header - 127)
    : readCodedWeights(bytes, start + 1, treeEnd);
  const table = weights && buildHuffmanTable(weights);
  return table && { table, end: treeEnd };
}

/** Decodes one stream of literals into `target`; false when it does not come out even. */
export function decodeHuffmanStream(
  bits: BackwardBits,
  { maxBits, symbols, bitCounts }: HuffmanTable,
  target: Uint8Array,
): boolean {
  if (!bits.isMarked) return false;
  for (let i = 0; i < target.length; i++) {
    const code = bits.peek(maxBits);
    target[i] = symbols[code] ?? 0;
    bits.position -= bitCounts[code] ?? 0;
  }
  return bits.position === 0;
}

function readDirectWeights(bytes: Uint8Array, start: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const pair = bytes[start + (i >> 1)] ?? 0;
    return i % 2 === 0 ? pair >> 4 : pair & 15;
  });
}

/** Two states take turns until the bits are spent. */
function readCodedWeights(bytes: Uint8Array, start: number, end: number): number[] | undefined {
  const description = readFseTable(bytes, start, end, WEIGHT_BOUNDS);
  if (description === undefined) return undefined;
  const { accuracy, symbols, bitCounts, baselines } = description.table;
  const bits = new BackwardBits(bytes, description.end, end);
  if (!bits.isMarked) return undefined;
  const weights: number[] = [];
  let state = bits.read(accuracy);
  let other = bits.read(accuracy);
  if (bits.position < 0) return undefined;
  while (weights.length < MAX_WEIGHTS) {
    weights.push(symbols[state] ?? 0);
    const next = (baselines[state] ?? 0) + bits.read(bitCounts[state] ?? 0);
    if (bits.position < 0) {
      weights.push(symbols[other] ?? 0);
      return weights.length <= MAX_WEIGHTS ? weights : undefined;
    }
    [state, other] = [other, next];
  }
  return undefined;
}

/** The last symbol's weight is what is missing to a whole number of bits. */
function buildHuffmanTable(weights: number[]): HuffmanTable | undefined {
  let sum = 0;
  for (const weight of weights) if (weight > 0) sum += 2 ** (weight - 1);
  const maxBits = sum === 0 ? 0 : Math.floor(Math.log2(sum)) + 1;
  if (maxBits === 0 || maxBits > MAX_BITS) return undefined;
  const missing = 2 ** maxBits - sum;
  if (missing !== 1 << highestBit(missing)) return undefined;
  weights.push(highestBit(missing) + 1);
  const symbols = new Uint8Array(1 << maxBits);
  const bitCounts = new Uint8Array(1 << maxBits);
  let at = 0;
  for (let weight = 1; weight <= maxBits; weight++) {
    for (let symbol = 0; symbol < weights.length; symbol++) {
      if (weights[symbol] !== weight) continue;
      const codeEnd = at + (1 << (weight - 1));
      symbols.fill(symbol, at, codeEnd);
      bitCounts.fill(maxBits + 1 - weight, at, codeEnd);
      at = codeEnd;
    }
  }
  return { maxBits, symbols, bitCounts };
}
