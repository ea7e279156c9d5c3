import { BackwardBits } from './bits.ts';
import { decodeHuffmanStream, readHuffmanTable } from './huffman.ts';
import type { HuffmanTable } from './huffman.ts';
import { MAX_BLOCK_BYTES } from './sizes.ts';

/** Literals of one block, and where their section ends. `huffman` is what a later block may use again. */
export interface Literals {
  readonly bytes: Uint8Array;
  readonly end: number;
  readonly huffman: HuffmanTable | undefined;
}

const RAW = 0;
const RUN = 1;
const TREELESS = 3;

/** Reads the literals section of a block (RFC 8878, 3.1.1.3.1); `undefined` when it is malformed. */
export function readLiterals(
  bytes: Uint8Array,
  start: number,
  end: number,
  lastHuffman: HuffmanTable | undefined,
): Literals | undefined {
  const first = bytes[start] ?? 0;
  const type = first & 3;
  if (type > RUN) return readCompressed(bytes, start, end, lastHuffman);
  const format = (first >> 2) & 3;
  const headerBytes = format === 1 ? 2 : format === 3 ? 3 : 1;
  const size =
    headerBytes === 1
      ? first >> 3
      : (first >> 4) |
        ((bytes[start + 1] ?? 0) << 4) |
        (format === 3 ? (bytes[start + 2] ?? 0) << 12 : 0);
  const bodyStart = start + headerBytes;
  const bodyEnd = bodyStart + (type === RAW ? size : 1);
  if (size > MAX_BLOCK_BYTES || bodyEnd > end) return undefined;
  const literals =
    type === RAW
      ? bytes.subarray(bodyStart, bodyEnd)
      : new Uint8Array(size).fill(bytes[bodyStart] ?? 0);
  return { bytes: literals, end: bodyEnd, huffman: lastHuffman };
}

/** Both sizes are written side by side, in 10, 14 or 18 bits each. */
function readCompressed(
  bytes: Uint8Array,
  start: number,
  end: number,
  lastHuffman: HuffmanTable | undefined,
): Literals | undefined {
  const first = bytes[start] ?? 0;
  const format = (first >> 2) & 3;
  const sizeBits = format < 2 ? 10 : format === 2 ? 14 : 18;
  const headerBytes = format < 2 ? 3 : format + 2;
  let header = 0;
  for (let i = headerBytes - 1; i >= 0; i--) header = header * 256 + (bytes[start + i] ?? 0);
  const sizes = Math.floor(header / 16);
  const size = sizes % 2 ** sizeBits;
  const bodyStart = start + headerBytes;
  const bodyEnd = bodyStart + Math.floor(sizes / 2 ** sizeBits);
  if (size > MAX_BLOCK_BYTES || bodyEnd > end) return undefined;
  const described =
    (first & 3) === TREELESS
      ? lastHuffman && { table: lastHuffman, end: bodyStart }
      : readHuffmanTable(bytes, bodyStart, bodyEnd);
  if (described === undefined) return undefined;
  const target = new Uint8Array(size);
  const streams = { bytes, start: described.end, end: bodyEnd, table: described.table };
  const isWhole = format === 0 ? decodeOne(streams, target) : decodeFour(streams, target);
  return isWhole ? { bytes: target, end: bodyEnd, huffman: described.table } : undefined;
}

interface Streams {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly table: HuffmanTable;
}

function decodeOne({ bytes, start, end, table }: Streams, target: Uint8Array): boolean {
  return decodeHuffmanStream(new BackwardBits(bytes, start, end), table, target);
}

const JUMP_TABLE_BYTES = 6;

/** Four streams of a quarter each, so that a processor can decode them side by side. */
function decodeFour({ bytes, start, end, table }: Streams, target: Uint8Array): boolean {
  const quarter = (target.length + 3) >> 2;
  let streamStart = start + JUMP_TABLE_BYTES;
  if (quarter * 3 > target.length) return false;
  for (let i = 0; i < 4; i++) {
    const at = start + i * 2;
    const streamEnd =
      i === 3 ? end : streamStart + ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
    if (streamEnd > end || streamStart > end) return false;
    const part = target.subarray(i * quarter, i === 3 ? target.length : (i + 1) * quarter);
    if (!decodeOne({ bytes, start: streamStart, end: streamEnd, table }, part)) return false;
    streamStart = streamEnd;
  }
  return true;
}
