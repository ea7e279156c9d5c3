import type { Writable } from 'node:stream';

/**
 * Resolves when the reader of each stream has been given all that was written to it, or is gone. Ending the process before would
 * cut off what a pipe had no room for.
 */
export async function flushOutput(streams: readonly Writable[]): Promise<void> {
  await Promise.all(streams.map(flush));
}

function flush(stream: Writable): Promise<void> {
  if (stream.writableLength === 0) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });
}
