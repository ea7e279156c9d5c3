import { spawn } from 'node:child_process';
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { flushOutput } from './flush-output.ts';

test('waits for a reader that takes its time', async () => {
  const slowReader = spawn('sh', ['-c', 'sleep 0.3; wc -c']);
  let counted = '';
  slowReader.stdout.on('data', (chunk: Buffer) => (counted += chunk.toString()));
  slowReader.stdin.write('x'.repeat(1_000_000));
  expect(slowReader.stdin.writableLength).toBeGreaterThan(0);
  await flushOutput([slowReader.stdin]);
  expect(slowReader.stdin.writableLength).toBe(0);
  slowReader.stdin.end();
  await new Promise((resolve) => slowReader.once('close', resolve));
  expect(counted.trim()).toBe('1000000');
});

test('does not wait for a reader that is gone, nor where there is nothing to give', async () => {
  const broken = new Writable({
    write: (_chunk, _encoding, done) => void setTimeout(done, 20, new Error('EPIPE')),
  });
  broken.write('x');
  await flushOutput([broken, new Writable()]);
});
