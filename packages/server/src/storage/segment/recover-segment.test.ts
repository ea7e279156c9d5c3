import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeSpans } from '../native/encode-spans.ts';
import { NativeWriter } from '../native/native-writer.ts';
import { placeBlock } from '../testing/place-block.ts';
import { RecordedLog } from '../testing/stores.ts';
import { attribute, blockOf, span } from '../testing/spans.ts';
import { makeDirectory, removeDirectory } from '../testing/directories.ts';
import { Quarantine } from './quarantine.ts';
import { recoverSegment } from './recover-segment.ts';
import type { RecoveredSegment } from './recover-segment.ts';
import { checksumSeed, formatStem, segmentPath } from './segment-name.ts';

const STEM = formatStem(1, '0123456789abcdef');
const SEED = checksumSeed(STEM);
const KEPT = { first: 0, last: 4_000_000_000 };

function sealedBlock(spanCount: number, seed = SEED): Uint8Array {
  const writer = new NativeWriter();
  const block = blockOf(Array.from({ length: spanCount }, () => span()));
  encodeSpans(writer, block, placeBlock(block, KEPT));
  return writer.seal(seed);
}

/** A block of a single column, so that each of its bytes can be tried. */
function tinyBlock(rowCount: number): Uint8Array {
  const writer = new NativeWriter();
  writer.begin(1, rowCount);
  writer.plain('kind', 'UInt8', new Uint8Array(rowCount));
  return writer.seal(SEED);
}

function flipByte(bytes: Uint8Array, at: number): Uint8Array {
  const changed = bytes.slice();
  changed[at] = (changed[at] ?? 0) ^ 0x40;
  return changed;
}

describe('recovering a segment', () => {
  let directory: string;
  let quarantine: Quarantine;
  let log: RecordedLog;
  let path: string;

  beforeEach(async () => {
    directory = await makeDirectory();
    log = new RecordedLog();
    quarantine = new Quarantine(await makeDirectory(), log);
    path = segmentPath(directory, STEM, 'spans');
  });

  afterEach(async () => {
    await removeDirectory(directory);
    await removeDirectory(quarantine.directory);
  });

  async function recover(bytes: Uint8Array): Promise<RecoveredSegment> {
    await writeFile(path, bytes);
    return recoverSegment(directory, STEM, quarantine);
  }

  test('leaves a whole segment as it is', async () => {
    const bytes = Buffer.concat([sealedBlock(3), tinyBlock(200)]);
    expect(await recover(bytes)).toMatchObject({
      spanCount: 203,
      byteLength: bytes.length,
      lostBytes: 0,
    });
    expect(await readFile(path)).toEqual(bytes);
  });

  test('cuts a segment that ends anywhere in its last block at the block before', async () => {
    const whole = Buffer.concat([tinyBlock(3), tinyBlock(5)]);
    const last = tinyBlock(2);
    const bytes = Buffer.concat([whole, last]);
    for (let end = whole.length; end < bytes.length; end++) {
      const recovered = await recover(bytes.subarray(0, end));
      expect(recovered, `cut at ${end - whole.length}`).toMatchObject({
        spanCount: 8,
        byteLength: whole.length,
        lostBytes: end - whole.length,
      });
      expect((await stat(path)).size).toBe(whole.length);
    }
  });

  test('deletes a file that has no whole block', async () => {
    for (const bytes of [new Uint8Array(0), sealedBlock(2).subarray(0, 100)]) {
      expect(await recover(bytes)).toMatchObject({ spanCount: 0, byteLength: 0 });
      expect(await readdir(directory)).toEqual([]);
    }
  });

  test('keeps the whole blocks around a damaged one, and the file as it was', async () => {
    const blocks = [sealedBlock(3), flipByte(sealedBlock(5), 400), tinyBlock(300), sealedBlock(1)];
    const bytes = Buffer.concat(blocks);
    const recovered = await recover(bytes);
    expect(recovered).toMatchObject({ spanCount: 304, lostBytes: blocks[1]?.length });
    const kept = join(quarantine.directory, `${STEM}.spans.native`);
    expect(await readFile(kept)).toEqual(bytes);
    const reason = `${blocks[1]?.length} of its ${bytes.length} bytes belong to no whole block, the first of them at byte ${blocks[0]?.length}`;
    expect(await readFile(`${kept}.reason.txt`, 'utf8')).toBe(`${reason}\n`);
    expect(log.lines).toEqual([`set aside a damaged segment file path=${kept} reason=${reason}`]);
    expect(await readFile(path)).toEqual(Buffer.concat(blocks.filter((_, i) => i !== 1)));
  });

  test('finds the blocks behind a damaged head', async () => {
    for (let at = 0; at < 30; at++) {
      const bytes = Buffer.concat([flipByte(sealedBlock(3), at), tinyBlock(200)]);
      expect(await recover(bytes), `byte ${at}`).toMatchObject({ spanCount: 200 });
    }
  });

  test('sets aside a tail of zeros, which a power cut can leave', async () => {
    const block = sealedBlock(3);
    const recovered = await recover(Buffer.concat([block, new Uint8Array(4096)]));
    expect(recovered).toMatchObject({ spanCount: 3, byteLength: block.length, lostBytes: 4096 });
    expect(quarantine.fileCount).toBe(1);
  });

  test('does not take bytes that a sender put into an attribute for a block', async () => {
    const foreign = Buffer.from(sealedBlock(7, SEED + 1)).toString('latin1');
    const writer = new NativeWriter();
    const block = blockOf([span({ attributes: [attribute('payload', foreign)] })]);
    encodeSpans(writer, block, placeBlock(block, KEPT));
    const torn = writer.seal(SEED).subarray(0, -1);
    expect(await recover(torn)).toMatchObject({ spanCount: 0 });
  });

  test('recovers resources and scopes beside the spans', async () => {
    const block = sealedBlock(2);
    await writeFile(segmentPath(directory, STEM, 'resources'), block);
    await writeFile(segmentPath(directory, STEM, 'scopes'), block.subarray(0, -1));
    expect(await recover(block)).toMatchObject({ spanCount: 2, byteLength: 2 * block.length });
    expect((await readdir(directory)).sort()).toEqual([
      `${STEM}.resources.native`,
      `${STEM}.spans.native`,
    ]);
  });

  test('sets aside a file that is of another segment by its checksums', async () => {
    expect(await recover(sealedBlock(3, SEED + 1))).toMatchObject({ spanCount: 0 });
    expect(quarantine.fileCount).toBe(1);
    expect(await readdir(directory)).toEqual([]);
  });

  test('sets aside what cannot be read, and recovers the rest of the segment', async () => {
    const scopes = segmentPath(directory, STEM, 'scopes');
    await mkdir(scopes);
    const block = sealedBlock(2);
    expect(await recover(block)).toMatchObject({ spanCount: 2, byteLength: block.length });
    expect(await readdir(directory)).toEqual([`${STEM}.spans.native`]);
    expect(log.lines.join()).toMatch(/reason=it cannot be read: .*EISDIR/);
  });
});
