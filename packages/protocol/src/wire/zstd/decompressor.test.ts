import { readFileSync } from 'node:fs';
import { DecodeError, LimitError } from '@clew/model';
import { describe, expect, test } from 'vitest';
import { ZstdDecompressor } from './decompressor.ts';

/** Random and the same every time (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What was compressed: words as in spans, and between them numbers that do not repeat. */
function createText(lengthBytes: number): Buffer {
  const random = createRandom(1);
  const words = [
    'http.request.method',
    'GET',
    '/api/orders',
    'user-service',
    'SELECT * FROM orders',
    '200',
  ];
  const parts: string[] = [];
  for (let size = 0; size < lengthBytes; size += parts.at(-1)?.length ?? 0) {
    const word = words[Math.floor(random() * words.length)] ?? '';
    parts.push(random() < 0.3 ? `${word}${Math.floor(random() * 1e9)}` : word);
  }
  return Buffer.from(parts.join('')).subarray(0, lengthBytes);
}

const DIRECTORY = new URL('../../../testdata/zstd/cli-1.5.4/', import.meta.url);
const TEXT = createText(400_000);

/** Made with the command-line tool from parts of the text, by the options that the name says. */
const RECORDED: readonly (readonly [string, Buffer])[] = [
  ['empty.zst', Buffer.alloc(0)],
  ['run.zst', Buffer.alloc(300_000, 'a')],
  ['level-3-small.zst', TEXT.subarray(0, 2000)],
  ['level-1.zst', TEXT.subarray(0, 60_000)],
  ['level-19.zst', TEXT],
  ['level-3-streamed-no-check.zst', TEXT.subarray(0, 200_000)],
  ['two-frames.zst', Buffer.concat([TEXT.subarray(0, 3000), TEXT.subarray(5000, 9000)])],
];

function decompress(bytes: Uint8Array, maxBytes = 1_000_000): Buffer {
  const decompressor = new ZstdDecompressor(bytes, { maxBytes });
  while (decompressor.step());
  return Buffer.from(decompressor.output);
}

const read = (name: string): Buffer => readFileSync(new URL(name, DIRECTORY));

describe.each(RECORDED)('%s', (name, expected) => {
  const bytes = read(name);

  test('comes out as it went in', () => {
    expect(decompress(bytes).equals(expected)).toBe(true);
  });

  test('is refused when it is cut off', () => {
    const step = Math.max(1, Math.floor(bytes.length / 50));
    for (let length = 0; length < bytes.length; length += step) {
      // Between two frames there is nothing missing.
      if (name === 'two-frames.zst' && tryDecompress(bytes.subarray(0, length))) continue;
      expect(() => decompress(bytes.subarray(0, length))).toThrow(DecodeError);
    }
  });

  test('is decoded or refused when bits are flipped, and never takes long', () => {
    const random = createRandom(2);
    for (let i = 0; i < 150; i++) {
      const spoiled = Buffer.from(bytes);
      for (let flips = 0; flips < 1 + (i % 3); flips++) {
        const at = Math.floor(random() * spoiled.length);
        spoiled[at] = (spoiled[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      }
      tryDecompress(spoiled);
    }
  });

  test.runIf(expected.length > 0)('stops at the limit', () => {
    expect(() => decompress(bytes, expected.length - 1)).toThrow(LimitError);
    expect(decompress(bytes, expected.length).length).toBe(expected.length);
  });
});

/** Nothing but the errors that are promised. */
function tryDecompress(bytes: Uint8Array): boolean {
  try {
    decompress(bytes);
    return true;
  } catch (error) {
    if (error instanceof DecodeError || error instanceof LimitError) return false;
    throw error;
  }
}

const FRAME_OF_NO_SIZE = [0x28, 0xb5, 0x2f, 0xfd, 0, 0x38];

test('refuses sequences that copy more than a block may give, at once', () => {
  // 20,000 sequences of 65,539 bytes each in 24 bytes: 1.3 GB of work for a decoder that believes them.
  const count = 20_000;
  const section = [0, 128 + (count >> 8), count & 255, 0x54, 0, 0, 52, ...Array(8).fill(1)];
  const header = (section.length << 3) | (2 << 1) | 1;
  const bytes = [...FRAME_OF_NO_SIZE, header & 255, header >> 8, 0, ...section];
  const startedMs = performance.now();
  expect(() => decompress(Uint8Array.from(bytes))).toThrow(DecodeError);
  expect(performance.now() - startedMs).toBeLessThan(100);
});

test('holds no memory for what a header only announces', () => {
  const announcing = [0x28, 0xb5, 0x2f, 0xfd, 0x80, 0xf8, 0, 0, 0, 0x7f];
  expect(() => decompress(Uint8Array.from(announcing))).toThrow(LimitError);
  // A window of 2 TB.
  expect(() => decompress(Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0xff]))).toThrow(DecodeError);
});

test('passes over frames that are to be skipped', () => {
  const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
  const bytes = Buffer.concat([skippable, read('level-3-small.zst'), skippable]);
  expect(decompress(bytes).equals(TEXT.subarray(0, 2000))).toBe(true);
});

test.each([
  ['nothing', []],
  ['another format', [0x1f, 0x8b, 8, 0]],
  ['a dictionary', [0x28, 0xb5, 0x2f, 0xfd, 1, 0x38, 7]],
  ['a reserved bit', [0x28, 0xb5, 0x2f, 0xfd, 8, 0x38]],
  ['a reserved block', [...FRAME_OF_NO_SIZE, 7, 0, 0]],
  ['tables that no block has given', [...FRAME_OF_NO_SIZE, 0x2d, 0, 0, 0, 1, 0xfc, 1, 1]],
])('refuses %s', (_, bytes) => {
  expect(() => decompress(Uint8Array.from(bytes))).toThrow(DecodeError);
});
