import { WireWriter } from '../wire/writer.ts';
import { writeCount, writeText } from './encode-messages.ts';

/** OTLP's way to say that a part of a request was refused. */
export interface PartialSuccess {
  readonly rejectedSpans: number;
  readonly message: string;
}

/** A `google.rpc.Status`: the body of an OTLP/HTTP error. `code` is gRPC's number. */
export interface RpcStatus {
  readonly code: number;
  readonly message: string;
}

/**
 * Encodes the answer to a request that was accepted; empty when all of it was.
 *
 * ExportTraceServiceResponse
 *   1  partial_success  ExportTracePartialSuccess  length-delimited
 * ExportTracePartialSuccess
 *   1  rejected_spans   int64                      varint
 *   2  error_message    string                     length-delimited
 */
export function encodeExportResponseProtobuf(partial?: PartialSuccess): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter();
  if (partial === undefined) return writer.bytes;
  writer.writeVarint(0x0a);
  const start = writer.begin();
  writeCount(writer, 0x08, partial.rejectedSpans);
  writeText(writer, 0x12, partial.message);
  writer.end(start);
  return writer.bytes;
}

/** The same in OTLP/JSON, where 64-bit numbers are strings. */
export function encodeExportResponseJson(partial?: PartialSuccess): string {
  if (partial === undefined) return '{}';
  return JSON.stringify({
    partialSuccess: {
      rejectedSpans: String(partial.rejectedSpans),
      errorMessage: partial.message,
    },
  });
}

/**
 * Encodes the body of an answer to a request that was refused.
 *
 * google.rpc.Status
 *   1  code     int32   varint
 *   2  message  string  length-delimited
 */
export function encodeStatusProtobuf(status: RpcStatus): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter();
  writeCount(writer, 0x08, status.code);
  writeText(writer, 0x12, status.message);
  return writer.bytes;
}

/** The same in JSON. */
export function encodeStatusJson(status: RpcStatus): string {
  return JSON.stringify({ code: status.code, message: status.message });
}
