/**
 * Makes a segment file that a crash may have left readable: afterwards every block in it is whole.
 *
 * - A file that ends with the beginning of a block is cut at the last whole one. What is cut was never acknowledged.
 * - Anything else, such as a wrong checksum or a whole block behind one that is not, is damage: a failing disk, or
 *   pages of a write that was never synced and reached the disk out of order. The file is set aside as it is, and its
 *   whole blocks go on without it, because spans in them may have been acknowledged.
 */
import { open, readFile, rename, truncate, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CHECK_MARK, isIntact, readBlockHead } from '../native/block-check.ts';
import type { BlockFingerprint } from '../native/block-fingerprint.ts';
import { syncDirectory } from './disk.ts';
import type { Quarantine } from './quarantine.ts';

export interface RecoveredFile {
  /** Rows in the whole blocks. */
  readonly rowCount: number;
  /** Of the whole blocks; 0 when the file is gone. */
  readonly byteLength: number;
  /** Bytes that were cut off or left out. */
  readonly lostBytes: number;
  /** Of the whole blocks, in order. */
  readonly fingerprints: readonly BlockFingerprint[];
}

export interface RecoveryOptions {
  /** What the checksums of the file start from. */
  readonly seed: number;
  readonly quarantine: Quarantine;
}

/** Recovers the file at `path`: it is left as it is, cut, replaced or, when it has no whole block, deleted. */
export async function recoverSegmentFile(
  path: string,
  { seed, quarantine }: RecoveryOptions,
): Promise<RecoveredFile> {
  const bytes = await readFile(path);
  const { blocks, rowCount } = findBlocks(bytes, seed);
  const fingerprints = blocks.map((block) => block.fingerprint);
  const byteLength = blocks.reduce((sum, block) => sum + (block.end - block.start), 0);
  const lostBytes = bytes.length - byteLength;
  const recovered = { rowCount, byteLength, lostBytes, fingerprints };
  const isDamaged = !isWholeOrTorn(bytes, blocks.at(-1)?.end ?? 0, byteLength);
  if (isDamaged) await quarantine.keepCopy(path, describeDamage(blocks, bytes.length));
  if (lostBytes === 0 && byteLength > 0) return recovered;
  if (byteLength === 0) {
    await unlink(path);
  } else if (isDamaged) {
    const parts = blocks.map(({ start, end }) => bytes.subarray(start, end));
    await replaceFile(path, parts);
  } else {
    await cutFile(path, byteLength);
  }
  await syncDirectory(dirname(path));
  return recovered;
}

function describeDamage(blocks: readonly FoundBlock[], fileLength: number): string {
  let damagedAt = 0;
  let lostBytes = fileLength;
  for (const { start, end } of blocks) {
    if (start === damagedAt) damagedAt = end;
    lostBytes -= end - start;
  }
  return `${lostBytes} of its ${fileLength} bytes belong to no whole block, the first of them at byte ${damagedAt}`;
}

/** Whether the whole blocks lie without gaps from the start, and behind them is nothing or an incomplete block. */
function isWholeOrTorn(bytes: Uint8Array, lastEnd: number, byteLength: number): boolean {
  if (lastEnd !== byteLength) return false;
  const rest = bytes.length - byteLength;
  const head = readBlockHead(bytes, byteLength);
  return head === undefined ? rest < SHORTEST_BLOCK : head.byteLength > rest;
}

/** Fewer bytes than a head and the mark in it are no sign of damage. */
const SHORTEST_BLOCK = 32;

interface FoundBlock {
  readonly start: number;
  readonly end: number;
  readonly fingerprint: BlockFingerprint;
}

/** All whole blocks, in order, whatever lies between them. */
function findBlocks(
  bytes: Uint8Array,
  seed: number,
): { readonly blocks: readonly FoundBlock[]; readonly rowCount: number } {
  const blocks: FoundBlock[] = [];
  let rowCount = 0;
  let start = 0;
  while (start < bytes.length) {
    const head = readBlockHead(bytes, start);
    const end = start + (head?.byteLength ?? 0);
    const isWhole = head !== undefined && end <= bytes.length;
    if (isWhole && isIntact(bytes.subarray(start, end), head, seed)) {
      blocks.push({ start, end, fingerprint: head.fingerprint });
      rowCount += head.rowCount;
      start = end;
    } else {
      start = findNextStart(bytes, start + 1);
    }
  }
  return { blocks, rowCount };
}

/** The next position from which a block may begin: a few bytes in front of a check mark, the counts between them. */
function findNextStart(bytes: Uint8Array, from: number): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (
    let at = buffer.indexOf(CHECK_MARK, from);
    at >= 0;
    at = buffer.indexOf(CHECK_MARK, at + 1)
  ) {
    for (let start = Math.max(from, at - MAX_HEAD); start <= at - MIN_HEAD; start++) {
      if (readBlockHead(bytes, start)?.nameAt === at - start) return start;
    }
  }
  return bytes.length;
}

/** A column count of one byte and a row count of one to five. */
const MIN_HEAD = 2;
const MAX_HEAD = 6;

async function replaceFile(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const temporary = `${path}.tmp`;
  await writeFile(temporary, parts, { flush: true });
  await rename(temporary, path);
}

async function cutFile(path: string, byteLength: number): Promise<void> {
  await truncate(path, byteLength);
  await syncFile(path);
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
