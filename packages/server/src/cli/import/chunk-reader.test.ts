import { LimitError } from '@clew/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChunkReader } from './chunk-reader.ts';

async function* chunksOf(content: Buffer, chunkBytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += chunkBytes) {
    yield content.subarray(at, at + chunkBytes);
  }
}

function read(content: string, chunkBytes = 3): ChunkReader {
  return new ChunkReader(chunksOf(Buffer.from(content), chunkBytes));
}

async function lines(reader: ChunkReader, maxBytes = 1000): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const line = await reader.takeLine(maxBytes);
    if (line === undefined) return found;
    found.push(line.toString());
  }
}

describe('ChunkReader', () => {
  test('finds the same lines wherever the chunks end', async () => {
    const text = fc.array(fc.constantFrom('a', 'bc', '\n', 'd\n\n'), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (parts, chunkBytes) => {
        const content = parts.join('');
        const expected = content.split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(await lines(read(content, chunkBytes))).toEqual(expected);
      }),
    );
  });

  test('takes bytes across chunks, and fewer at the end', async () => {
    const reader = read('abcdefgh');
    expect((await reader.peek(4)).toString()).toBe('abcd');
    expect((await reader.take(5)).toString()).toBe('abcde');
    expect(reader.position).toBe(5);
    expect((await reader.peek(100)).toString()).toBe('fgh');
    expect((await reader.take(100)).toString()).toBe('fgh');
    expect(await reader.take(1)).toHaveLength(0);
    expect(await reader.peek(1)).toHaveLength(0);
    expect(await reader.takeLine(1)).toBeUndefined();
  });

  test('takes everything', async () => {
    const reader = read('abcdefgh');
    await reader.peek(2);
    expect((await reader.takeAll(8)).toString()).toBe('abcdefgh');
  });

  test('refuses what is longer than the limit before it holds all of it', async () => {
    let readBytes = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        readBytes += 1000;
        yield Buffer.alloc(1000, 'x');
      }
    }
    await expect(new ChunkReader(endless()).takeLine(10_000)).rejects.toThrow(LimitError);
    await expect(new ChunkReader(endless()).takeAll(10_000)).rejects.toThrow(LimitError);
    expect(readBytes).toBeLessThan(30_000);
  });
});
