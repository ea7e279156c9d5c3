import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLines } from './read-lines.ts';

test('lines are the same in whatever pieces they come, and what has no end yet is none', async () => {
  const line = fc.constantFrom('', 'x', 'é🦊', '{"a":1}');
  await fc.assert(
    fc.asyncProperty(
      fc.array(line),
      line,
      fc.integer({ min: 1, max: 9 }),
      async (lines, more, size) => {
        const bytes = new TextEncoder().encode(lines.map((each) => `${each}\n`).join('') + more);
        const stream = new ReadableStream<Uint8Array>({
          start(controller) {
            for (let at = 0; at < bytes.length; at += size) {
              controller.enqueue(bytes.subarray(at, at + size));
            }
            controller.close();
          },
        });
        const read: string[] = [];
        for await (const each of readLines(stream)) read.push(each);
        expect(read).toEqual(lines);
      },
    ),
  );
});
