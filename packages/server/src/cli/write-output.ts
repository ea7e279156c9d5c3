import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** Writes to a file, compressed when its name ends with `.gz`, or to standard output when none is named. */
export async function writeOutput(
  content: AsyncIterable<string | Uint8Array>,
  path: string | undefined,
): Promise<void> {
  // Chunks as they are: a string is not a sequence of objects.
  const source = Readable.from(toBuffers(content), { objectMode: false });
  if (path === undefined) return writeStandardOutput(source);
  if (path.endsWith('.gz')) await pipeline(source, createGzip(), createWriteStream(path));
  else await pipeline(source, createWriteStream(path));
}

/** A reader that has seen enough, such as `head`, is no failure. */
async function writeStandardOutput(source: Readable): Promise<void> {
  try {
    await pipeline(source, process.stdout, { end: false });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
  }
}

async function* toBuffers(content: AsyncIterable<string | Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of content) {
    const bytes = Buffer.from(chunk);
    if (bytes.length > 0) yield bytes;
  }
}
