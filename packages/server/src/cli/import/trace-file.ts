import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A file that is being read. */
export interface TraceFile {
  /** As it is shown. */
  readonly name: string;
  /** As it lies there, perhaps compressed; `undefined` when nobody knows. */
  readonly sizeBytes: number | undefined;
  /** How much of that has been read. */
  readonly readBytes: () => number;
  /** Decompressed. */
  readonly content: AsyncIterable<Buffer>;
}

const CHUNK_BYTES = 1024 * 1024;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/**
 * Opens the file at `path`, or standard input for `-`. Gzip is recognised by its first bytes, whatever the name is.
 * Throws the system's error; what goes wrong later is thrown while the content is read.
 */
export async function openTraceFile(path: string): Promise<TraceFile> {
  if (path === '-') return readTraceFile('standard input', process.stdin, undefined);
  const { size } = await stat(path);
  // A pipe, such as a shell's `<(…)`, has no size.
  const sizeBytes = size === 0 ? undefined : size;
  const source = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  return readTraceFile(path, source, sizeBytes);
}

/** Reads what `source` holds. */
export function readTraceFile(
  name: string,
  source: AsyncIterable<Buffer>,
  sizeBytes: number | undefined,
): TraceFile {
  let readBytes = 0;
  async function* count(): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      readBytes += chunk.length;
      yield chunk;
    }
  }
  return { name, sizeBytes, readBytes: () => readBytes, content: decompress(count()) };
}

async function* decompress(source: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const head = await readHead(source);
  const whole = join(head, source);
  const isGzip = head.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC);
  yield* isGzip ? inflate(whole) : whole;
}

function inflate(source: AsyncGenerator<Buffer>): AsyncIterable<Buffer> {
  // What goes wrong is thrown by the loop that reads.
  return pipeline(Readable.from(source), createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined);
}

/** The first bytes, at least as many as tell what is compressed; a pipe may give them one by one. */
async function readHead(source: AsyncGenerator<Buffer>): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < GZIP_MAGIC.length) {
    const { value, done } = await source.next();
    if (done === true) break;
    head = Buffer.concat([head, value]);
  }
  return head;
}

async function* join(head: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* rest;
}
