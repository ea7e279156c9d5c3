import { BackwardBits } from './bits.ts';
import { buildSingleTable, readFseTable } from './fse.ts';
import type { FseTable } from './fse.ts';
import {
  LITERAL_LENGTHS,
  LITERAL_LENGTH_CODE,
  MATCH_LENGTHS,
  MATCH_LENGTH_CODE,
  OFFSET_CODE,
} from './sequence-codes.ts';
import type { SequenceCode } from './sequence-codes.ts';
import { MAX_BLOCK_BYTES } from './sizes.ts';

/** What a block leaves for the next one of its frame. */
export interface SequenceState {
  /** The last three offsets, the latest first. */
  readonly offsets: [number, number, number];
  tables: SequenceTables | undefined;
}

interface SequenceTables {
  readonly literalLength: FseTable;
  readonly offset: FseTable;
  readonly matchLength: FseTable;
}

/** Where sequences write to: `position` moves on. Nothing before `frameStart` may be looked back at. */
export interface SequenceTarget {
  bytes: Uint8Array;
  position: number;
  readonly frameStart: number;
}

export interface SequenceSection {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly literals: Uint8Array;
}

/**
 * Carries out the sequences of a block (RFC 8878, 3.1.1.3.2 and 3.1.1.4): some literals, then a piece of what was
 * written before, and so on; the literals that are left come last. `target` must have room for `MAX_BLOCK_BYTES`, and
 * no sequence writes past it, however long it says it is. False when the section is malformed.
 */
export function runSequences(
  { bytes, start, end, literals }: SequenceSection,
  state: SequenceState,
  target: SequenceTarget,
): boolean {
  const header = readHeader(bytes, start, end);
  if (header === undefined) return false;
  if (header.count === 0) {
    if (header.end !== end) return false;
    target.bytes.set(literals, target.position);
    target.position += literals.length;
    return true;
  }
  const described = readTables(bytes, header.end, end, state.tables);
  if (described === undefined) return false;
  state.tables = described.tables;
  const bits = new BackwardBits(bytes, described.end, end);
  if (!bits.isMarked) return false;
  const taken = decodeSequences(header.count, bits, { literals, state, target });
  if (taken === undefined || bits.position !== 0) return false;
  target.bytes.set(literals.subarray(taken), target.position);
  target.position += literals.length - taken;
  return true;
}

interface Run {
  readonly literals: Uint8Array;
  readonly state: SequenceState;
  readonly target: SequenceTarget;
}

/** How many literals were taken; `undefined` when a sequence asks for what is not there. */
function decodeSequences(
  count: number,
  bits: BackwardBits,
  { literals, state, target }: Run,
): number | undefined {
  const tables = state.tables;
  if (tables === undefined) return undefined;
  const { literalLength, offset, matchLength } = tables;
  let literalState = bits.read(literalLength.accuracy);
  let offsetState = bits.read(offset.accuracy);
  let matchState = bits.read(matchLength.accuracy);
  const blockEnd = target.position + MAX_BLOCK_BYTES;
  let taken = 0;
  for (let left = count; left > 0; left--) {
    const literalSymbol = literalLength.symbols[literalState] ?? 0;
    const offsetSymbol = offset.symbols[offsetState] ?? 0;
    const matchSymbol = matchLength.symbols[matchState] ?? 0;
    const offsetValue = readOffsetValue(bits, offsetSymbol);
    const matchBytes =
      (MATCH_LENGTHS.first[matchSymbol] ?? 0) +
      bits.read(MATCH_LENGTHS.extraBits[matchSymbol] ?? 0);
    const literalBytes =
      (LITERAL_LENGTHS.first[literalSymbol] ?? 0) +
      bits.read(LITERAL_LENGTHS.extraBits[literalSymbol] ?? 0);
    if (left > 1) {
      literalState =
        (literalLength.baselines[literalState] ?? 0) +
        bits.read(literalLength.bitCounts[literalState] ?? 0);
      matchState =
        (matchLength.baselines[matchState] ?? 0) +
        bits.read(matchLength.bitCounts[matchState] ?? 0);
      offsetState =
        (offset.baselines[offsetState] ?? 0) + bits.read(offset.bitCounts[offsetState] ?? 0);
    }
    const distance = resolveOffset(state.offsets, offsetValue, literalBytes);
    const isThere =
      bits.position >= 0 &&
      taken + literalBytes <= literals.length &&
      target.position + literalBytes + matchBytes <= blockEnd &&
      distance > 0 &&
      distance <= target.position + literalBytes - target.frameStart;
    if (!isThere) return undefined;
    copyLiterals(literals, taken, literalBytes, target);
    taken += literalBytes;
    copyMatch(target, distance, matchBytes);
  }
  // The literals that are left must fit as well.
  return target.position + literals.length - taken <= blockEnd ? taken : undefined;
}

/** Too long for one read of bits when it is far away. */
function readOffsetValue(bits: BackwardBits, symbol: number): number {
  // Symbols end at 30, so that nothing here passes 31 bits.
  if (symbol <= 16) return (1 << symbol) + bits.read(symbol);
  const high = bits.read(symbol - 16);
  return (1 << symbol) + (high << 16) + bits.read(16);
}

/** The first three values name offsets that were used before (RFC 8878, 3.1.1.5). */
function resolveOffset(
  offsets: [number, number, number],
  value: number,
  literalBytes: number,
): number {
  if (value > 3) {
    offsets[2] = offsets[1];
    offsets[1] = offsets[0];
    offsets[0] = value - 3;
    return offsets[0];
  }
  const index = value - 1 + (literalBytes === 0 ? 1 : 0);
  if (index === 0) return offsets[0];
  const distance = index === 1 ? offsets[1] : index === 2 ? offsets[2] : offsets[0] - 1;
  if (index > 1) offsets[2] = offsets[1];
  offsets[1] = offsets[0];
  offsets[0] = distance;
  return distance;
}

/** Below it a loop is quicker than a call. */
const SHORT_BYTES = 32;

function copyLiterals(
  literals: Uint8Array,
  start: number,
  count: number,
  target: SequenceTarget,
): void {
  const { bytes, position } = target;
  if (count > SHORT_BYTES) bytes.set(literals.subarray(start, start + count), position);
  else for (let i = 0; i < count; i++) bytes[position + i] = literals[start + i] ?? 0;
  target.position = position + count;
}

/** What is copied may reach into what is being written: then it repeats. */
function copyMatch(target: SequenceTarget, distance: number, count: number): void {
  const { bytes, position } = target;
  const from = position - distance;
  if (count > SHORT_BYTES && distance >= count) bytes.copyWithin(position, from, from + count);
  else for (let i = 0; i < count; i++) bytes[position + i] = bytes[from + i] ?? 0;
  target.position = position + count;
}

function readHeader(
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly count: number; readonly end: number } | undefined {
  if (start >= end) return undefined;
  const first = bytes[start] ?? 0;
  const second = bytes[start + 1] ?? 0;
  if (first < 128) return { count: first, end: start + 1 };
  if (first < 255) return { count: ((first - 128) << 8) + second, end: start + 2 };
  return { count: second + ((bytes[start + 2] ?? 0) << 8) + 0x7f00, end: start + 3 };
}

interface TablesDescription {
  readonly tables: SequenceTables;
  readonly end: number;
}

function readTables(
  bytes: Uint8Array,
  start: number,
  end: number,
  last: SequenceTables | undefined,
): TablesDescription | undefined {
  if (start >= end) return undefined;
  const modes = bytes[start] ?? 0;
  if ((modes & 3) !== 0) return undefined;
  const source = { bytes, end };
  const literalLength = readTable(source, start + 1, {
    mode: modes >> 6,
    code: LITERAL_LENGTH_CODE,
    last: last?.literalLength,
  });
  const offset =
    literalLength &&
    readTable(source, literalLength.end, {
      mode: (modes >> 4) & 3,
      code: OFFSET_CODE,
      last: last?.offset,
    });
  const matchLength =
    offset &&
    readTable(source, offset.end, {
      mode: (modes >> 2) & 3,
      code: MATCH_LENGTH_CODE,
      last: last?.matchLength,
    });
  if (literalLength === undefined || offset === undefined || matchLength === undefined)
    return undefined;
  return {
    tables: {
      literalLength: literalLength.table,
      offset: offset.table,
      matchLength: matchLength.table,
    },
    end: matchLength.end,
  };
}

interface TableChoice {
  readonly mode: number;
  readonly code: SequenceCode;
  readonly last: FseTable | undefined;
}

function readTable(
  { bytes, end }: { readonly bytes: Uint8Array; readonly end: number },
  start: number,
  { mode, code, last }: TableChoice,
): { readonly table: FseTable; readonly end: number } | undefined {
  switch (mode) {
    case 0:
      return { table: code.predefined, end: start };
    case 1: {
      const symbol = bytes[start] ?? 0;
      if (start >= end || symbol > code.bounds.maxSymbol) return undefined;
      return { table: buildSingleTable(symbol), end: start + 1 };
    }
    case 2:
      return readFseTable(bytes, start, end, code.bounds);
    default:
      return last && { table: last, end: start };
  }
}
