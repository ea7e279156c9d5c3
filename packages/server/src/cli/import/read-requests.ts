/**
 * Every format becomes OTLP protobuf requests here. Those that hold many requests are read one after the other, so that
 * a file may be longer than memory; those that are one document are read whole.
 */
import { DecodeError, LimitError, SpanBlock } from '@clew/model';
import {
  FORMAT_HEAD_BYTES,
  NO_DECODE_LIMITS,
  TRACE_FILE_FORMATS,
  decodeJaegerJson,
  decodeZipkinJson,
  detectTraceFileFormat,
  encodeTracesProtobuf,
  readSpans,
  transcodeTracesJson,
} from '@clew/protocol';
import type { RejectedSpans, TraceFileFormat } from '@clew/protocol';
import type { ChunkReader } from './chunk-reader.ts';

/** What was read of a file, in order. */
export type FilePart =
  | {
      readonly kind: 'request';
      /** For messages: `line 17`; empty when the file is one piece. */
      readonly place: string;
      /** OTLP protobuf. */
      readonly request: Uint8Array;
      /** What the format's own decoder refused already. */
      readonly rejected?: RejectedSpans;
    }
  /** A piece that cannot be read, while what comes after it can. */
  | { readonly kind: 'broken'; readonly place: string; readonly reason: string };

/** The longest piece that is held in memory: a document, a line or a message. */
export const MAX_PIECE_BYTES: number = 256 * 1024 ** 2;

/**
 * Reads a file as OTLP protobuf requests. Throws `DecodeError` or `LimitError` where it cannot go on; what came before
 * is good.
 */
export async function* readRequests(
  reader: ChunkReader,
  format: TraceFileFormat | undefined,
): AsyncGenerator<FilePart> {
  const head = await reader.peek(FORMAT_HEAD_BYTES);
  if (head.length === 0) return;
  yield* READERS[format ?? detect(head)](reader);
}

const READERS: Readonly<
  Record<TraceFileFormat, (reader: ChunkReader) => AsyncGenerator<FilePart>>
> = {
  'otlp-json': (reader) => readDocument(reader, decodeOtlpJson),
  'otlp-jsonl': readLines,
  'otlp-proto': readFields,
  'otlp-proto-framed': readFrames,
  'jaeger-json': (reader) => readDocument(reader, decodeJaeger),
  'zipkin-json': (reader) => readDocument(reader, decodeZipkin),
};

function detect(head: Buffer): TraceFileFormat {
  const format = detectTraceFileFormat(head);
  if (format !== undefined) return format;
  const isZstd = head.length >= 4 && head.readUInt32LE() === 0xfd2fb528;
  const hint = isZstd
    ? 'it is compressed with zstd: decompress it first, as in zstd -dc FILE | clew import -'
    : `--format names it: ${TRACE_FILE_FORMATS.join(', ')}`;
  throw new DecodeError(`no format that Clew knows; ${hint}`, { format: 'file', offset: 0 });
}

/** The limits are the server's. */
type DocumentDecoder = (
  bytes: Uint8Array,
) => Omit<FilePart & { kind: 'request' }, 'kind' | 'place'>;

const decodeOtlpJson: DocumentDecoder = (bytes) => transcodeTracesJson(bytes, NO_DECODE_LIMITS);

const decodeJaeger: DocumentDecoder = (bytes) => ({
  request: encodeTracesProtobuf(decodeJaegerJson(bytes, NO_DECODE_LIMITS)),
});

const decodeZipkin: DocumentDecoder = (bytes) => {
  // Whose spans they are is for the server to say.
  const block = new SpanBlock('');
  const rejected = decodeZipkinJson(flattenTraces(bytes), block, NO_DECODE_LIMITS);
  return { request: encodeTracesProtobuf(readSpans(block)), rejected };
};

/** Zipkin's search answers with a list of traces, each a list of spans. */
function flattenTraces(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
  if (!/^\ufeff?\s*\[\s*\[/.test(text)) return bytes;
  try {
    return Buffer.from(JSON.stringify((JSON.parse(text) as unknown[]).flat()));
  } catch {
    return bytes; // The decoder says what is wrong and where.
  }
}

async function* readDocument(
  reader: ChunkReader,
  decode: DocumentDecoder,
): AsyncGenerator<FilePart> {
  const document = await reader.takeAll(MAX_PIECE_BYTES);
  yield { kind: 'request', place: '', ...decode(document) };
}

async function* readLines(reader: ChunkReader): AsyncGenerator<FilePart> {
  for (let number = 1; ; number++) {
    const line = await reader.takeLine(MAX_PIECE_BYTES);
    if (line === undefined) return;
    if (isBlank(line)) continue;
    yield readLine(line, `line ${number}`);
  }
}

function readLine(line: Buffer, place: string): FilePart {
  try {
    return { kind: 'request', place, ...decodeOtlpJson(line) };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { kind: 'broken', place, reason: error.message };
  }
}

/** The byte order mark of the first line is not JSON's business; an empty line at the end is nobody's. */
function isBlank(line: Buffer): boolean {
  return line.length < 1000 && line.toString().trim() === '';
}

/**
 * A protobuf request is its fields one after the other, each a request of its own:
 *
 * ExportTraceServiceRequest
 *   1  resource_spans  ResourceSpans  length-delimited, repeated
 */
export async function* readResourceSpans(reader: ChunkReader): AsyncGenerator<Uint8Array> {
  for (;;) {
    const head = await reader.peek(6);
    if (head.length === 0) return;
    if (head[0] !== 0x0a) fail(reader, 'not an ExportTraceServiceRequest');
    const { value, length } = readLength(head.subarray(1), reader);
    checkLength(value);
    const request = await reader.take(1 + length + value);
    if (request.length < 1 + length + value) fail(reader, 'truncated');
    yield request;
  }
}

async function* readFields(reader: ChunkReader): AsyncGenerator<FilePart> {
  for await (const request of readResourceSpans(reader))
    yield { kind: 'request', place: '', request };
}

/** Reads a varint of at most 5 bytes, which is enough for 32 bits. */
function readLength(bytes: Buffer, reader: ChunkReader): { value: number; length: number } {
  let value = 0;
  for (const [index, byte] of bytes.entries()) {
    value += (byte & 127) * 2 ** (7 * index);
    if (byte < 128) return { value, length: index + 1 };
  }
  return fail(reader, 'truncated inside a length');
}

/** Each message has its length in front, in 4 bytes, big-endian. */
async function* readFrames(reader: ChunkReader): AsyncGenerator<FilePart> {
  for (let number = 1; ; number++) {
    const head = await reader.take(4);
    if (head.length === 0) return;
    if (head.length < 4) fail(reader, 'truncated inside a length');
    const length = head.readUInt32BE();
    checkLength(length);
    const request = await reader.take(length);
    if (request.length < length) fail(reader, `message ${number} is truncated`);
    yield { kind: 'request', place: `message ${number}`, request };
  }
}

function checkLength(length: number): void {
  if (length <= MAX_PIECE_BYTES) return;
  throw new LimitError(`a message of ${length} bytes, more than ${MAX_PIECE_BYTES}`, {
    limit: MAX_PIECE_BYTES,
    actual: length,
  });
}

function fail(reader: ChunkReader, message: string): never {
  throw new DecodeError(message, { format: 'otlp protobuf', offset: reader.position });
}
