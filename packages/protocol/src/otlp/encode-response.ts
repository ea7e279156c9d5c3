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

/** Encodes an `ExportTraceServiceResponse`; empty when everything was accepted. */
export function encodeExportResponseProtobuf(partial?: PartialSuccess): Uint8Array<ArrayBuffer> {
  throw new Error(`not there yet ${partial?.message}`);
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

export function encodeStatusProtobuf(status: RpcStatus): Uint8Array<ArrayBuffer> {
  throw new Error(`not there yet ${status.message}`);
}

export function encodeStatusJson(status: RpcStatus): string {
  return JSON.stringify({ code: status.code, message: status.message });
}
