import { describe, expect, test } from 'vitest';
import { blockOf, span } from '../testing/spans.ts';
import { isIntact, readBlockHead } from './block-check.ts';
import { encodeSpans } from './encode-spans.ts';
import { NativeWriter } from './native-writer.ts';
import { placeBlock } from '../testing/place-block.ts';

const DAYS = { first: 0, last: 65_535 };
const SEED = 0x1234_5678;

function sealedBlock(spanCount: number): Uint8Array {
  const writer = new NativeWriter();
  const block = blockOf(Array.from({ length: spanCount }, () => span()));
  encodeSpans(writer, block, placeBlock(block, DAYS));
  return writer.seal(SEED);
}

describe('the check column', () => {
  test.each([1, 127, 128, 20_000])('tells the length and the rows of a block of %i', (count) => {
    const writer = new NativeWriter();
    writer.begin(1, count);
    writer.plain('kind', 'UInt8', new Uint8Array(count));
    const block = writer.seal(SEED);
    const head = readBlockHead(block, 0);
    expect(head).toMatchObject({ rowCount: count, byteLength: block.length });
    expect(head !== undefined && isIntact(block, head, SEED)).toBe(true);
  });

  test('does not hold for a block with any byte changed', () => {
    const block = sealedBlock(2);
    for (let at = 0; at < block.length; at++) {
      const damaged = block.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0x40;
      const head = readBlockHead(damaged, 0);
      const isAccepted = head?.byteLength === block.length && isIntact(damaged, head, SEED);
      expect(isAccepted, `byte ${at}`).toBe(false);
    }
  });

  test('does not hold for a block that was sealed for another segment', () => {
    const block = sealedBlock(2);
    const head = readBlockHead(block, 0);
    expect(head !== undefined && isIntact(block, head, SEED + 1)).toBe(false);
  });

  test('carries the fingerprint that finds the block again', () => {
    const fingerprint = '0123456789abcdef'.repeat(2);
    const writer = new NativeWriter();
    writer.begin(1, 3);
    writer.plain('kind', 'UInt8', new Uint8Array(3));
    const block = writer.seal(SEED, fingerprint);
    const head = readBlockHead(block, 0);
    expect(head?.fingerprint).toBe(fingerprint);
    expect(head !== undefined && isIntact(block, head, SEED)).toBe(true);
    expect(readBlockHead(sealedBlock(3), 0)?.fingerprint).toBe('0'.repeat(32));
  });

  test('is not seen in bytes that end before it does', () => {
    const block = sealedBlock(1);
    for (let end = 0; end < 59; end++)
      expect(readBlockHead(block.subarray(0, end), 0)).toBeUndefined();
  });
});
