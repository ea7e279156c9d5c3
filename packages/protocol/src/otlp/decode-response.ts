import { WireReader } from '../wire/reader.ts';
import type { PartialSuccess, RpcStatus } from './encode-response.ts';

/**
 * Decodes the answer to a request that was accepted; `undefined` when all of it was. The fields are those of
 * `encode-response.ts`. Throws `DecodeError`.
 */
export function decodeExportResponseProtobuf(bytes: Uint8Array): PartialSuccess | undefined {
  let partial: PartialSuccess | undefined;
  forEachField(bytes, (reader, tag, end) => {
    if (tag !== 0x0a) return reader.skipUnknown(tag, end, 1);
    const messageEnd = reader.readEnd(end);
    partial = readPartialSuccess(bytes.subarray(reader.position, messageEnd));
    reader.position = messageEnd;
  });
  return partial;
}

/** Decodes the body of an answer to a request that was refused. Throws `DecodeError`. */
export function decodeStatusProtobuf(bytes: Uint8Array): RpcStatus {
  let code = 0;
  let message = '';
  forEachField(bytes, (reader, tag, end) => {
    if (tag === 0x08) code = readCount(reader, end);
    else if (tag === 0x12) message = readText(reader, end);
    else reader.skip(tag, end);
  });
  return { code, message };
}

function readPartialSuccess(bytes: Uint8Array): PartialSuccess {
  let rejectedSpans = 0;
  let message = '';
  forEachField(bytes, (reader, tag, end) => {
    if (tag === 0x08) rejectedSpans = readCount(reader, end);
    else if (tag === 0x12) message = readText(reader, end);
    else reader.skip(tag, end);
  });
  return { rejectedSpans, message };
}

function forEachField(
  bytes: Uint8Array,
  read: (reader: WireReader, tag: number, end: number) => void,
): void {
  const reader = new WireReader(bytes, { format: 'otlp response', path: () => '' });
  const end = bytes.length;
  while (reader.position < end) read(reader, reader.readTag(end), end);
}

/** A number that is not negative; below 2^53 it is exact. */
function readCount(reader: WireReader, end: number): number {
  reader.readVarint(end);
  return Math.max(0, reader.high * 2 ** 32 + (reader.low >>> 0));
}

function readText(reader: WireReader, end: number): string {
  const textEnd = reader.readEnd(end);
  const text = new TextDecoder().decode(reader.bytes.subarray(reader.position, textEnd));
  reader.position = textEnd;
  return text;
}
