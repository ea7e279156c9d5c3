/**
 * What makes a segment file safe to read after a crash without making it anything but a Native stream.
 *
 * The first column of every block that we write to a file is no column of any table: its *name* is the length and the
 * CRC-32 of the rest of the block, and what finds the same block when it is sent again. The engine skips columns it does not know, so the very bytes that are synced are the
 * bytes that are inserted, and a reader that goes from block to block knows exactly where the last whole one ends. It
 * costs a byte a row (the column must have values) and 64 bytes a block. A block of no rows between the others would
 * be cheaper, but the engine takes one for the end of the file unless it lists every column.
 *
 * A block: column count (1 byte), row count (LEB128), name (`clew2:<length>:<checksum>:<fingerprint>`, eight, eight and 32
 * hexadecimal digits), and then the length's worth of bytes: the type of the check column, its zeros, all other columns. The
 * checksum is of everything but the name, and starts from a number that only the segment's writer knows: a sender can
 * put the bytes of a block into an attribute, but not of one that a reader of a damaged file would take for ours.
 */
import { crc32 } from 'node:zlib';
import { NO_FINGERPRINT } from './block-fingerprint.ts';
import type { BlockFingerprint } from './block-fingerprint.ts';

/** Of the layout of a segment: this check and the columns of `structures.ts`. */
export const SEGMENT_VERSION = 2;

const MAGIC = `clew${SEGMENT_VERSION}:`;

/** The name to encode the check column with, until `sealBlock` fills it in. */
export const CHECK_COLUMN: string = `${MAGIC}00000000:00000000:${NO_FINGERPRINT}`;

/** What stands in front of the digits: where to look for a block among damaged bytes. */
export const CHECK_MARK: Uint8Array = new TextEncoder().encode(
  `${String.fromCharCode(CHECK_COLUMN.length)}${MAGIC}`,
);

export interface BlockHead {
  readonly rowCount: number;
  /** From the block's first byte to its last. */
  readonly byteLength: number;
  readonly checksum: number;
  /** `NO_FINGERPRINT` unless it was sealed with one. */
  readonly fingerprint: BlockFingerprint;
  /** Where the name's length stands, and where the bytes after the name begin. */
  readonly nameAt: number;
  readonly restAt: number;
}

/** Writes length, checksum and fingerprint of a whole encoded block into its check column's name. */
export function sealBlock(
  block: Uint8Array,
  seed: number,
  fingerprint: BlockFingerprint = NO_FINGERPRINT,
): void {
  const nameAt = findName(block, 0);
  const restAt = nameAt + 1 + CHECK_COLUMN.length;
  const length = hex(block.length - restAt);
  const checksum = hex(checksumOf(block, { nameAt, restAt, fingerprint }, seed));
  const digits = `${length}:${checksum}:${fingerprint}`;
  new TextEncoder().encodeInto(digits, block.subarray(nameAt + 1 + MAGIC.length));
}

/** Reads the head of a block at `start`; `undefined` when the bytes there do not begin one. */
export function readBlockHead(bytes: Uint8Array, start: number): BlockHead | undefined {
  const nameAt = findName(bytes, start);
  const restAt = nameAt + 1 + CHECK_COLUMN.length;
  if (nameAt < 0 || restAt > bytes.length) return undefined;
  for (let i = 0; i < CHECK_MARK.length; i++) {
    if (bytes[nameAt + i] !== CHECK_MARK[i]) return undefined;
  }
  const digits = new TextDecoder().decode(bytes.subarray(nameAt + CHECK_MARK.length, restAt));
  const match = /^([0-9a-f]{8}):([0-9a-f]{8}):([0-9a-f]{32})$/.exec(digits);
  if (match === null) return undefined;
  const restLength = Number.parseInt(match[1] ?? '', 16);
  return {
    rowCount: readRowCount(bytes, start + 1),
    byteLength: restAt - start + restLength,
    checksum: Number.parseInt(match[2] ?? '', 16),
    fingerprint: match[3] ?? NO_FINGERPRINT,
    nameAt: nameAt - start,
    restAt: restAt - start,
  };
}

/** Whether the bytes of a whole block are those that were sealed. */
export function isIntact(block: Uint8Array, head: BlockHead, seed: number): boolean {
  return checksumOf(block, head, seed) === head.checksum;
}

/** The position of the length of the first column's name, or -1 when the counts are not those of a block. */
function findName(bytes: Uint8Array, start: number): number {
  const columnCount = bytes[start] ?? 0;
  if (columnCount === 0 || columnCount > 127) return -1;
  for (let at = start + 1; at < start + 6; at++) if ((bytes[at] ?? 0) < 128) return at + 1;
  return -1;
}

function readRowCount(bytes: Uint8Array, start: number): number {
  let count = 0;
  for (let at = start, scale = 1; ; at++, scale *= 128) {
    const byte = bytes[at] ?? 0;
    count += (byte & 127) * scale;
    if (byte < 128) return count;
  }
}

function checksumOf(
  block: Uint8Array,
  { nameAt, restAt, fingerprint }: Pick<BlockHead, 'nameAt' | 'restAt' | 'fingerprint'>,
  seed: number,
): number {
  const counts = crc32(block.subarray(0, nameAt), seed);
  return crc32(block.subarray(restAt), crc32(fingerprint, counts));
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
