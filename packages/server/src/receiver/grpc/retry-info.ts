import { encodeStatusProtobuf } from '@clew/protocol';
import type { RpcStatus } from '@clew/protocol';

/**
 * The trailer that tells a gRPC sender when to try again (OTLP, "OTLP/gRPC Throttling"): a `google.rpc.Status` whose
 * `details` hold a `google.rpc.RetryInfo`.
 *
 * | message   | field         | number | type     |
 * |-----------|---------------|-------:|----------|
 * | Status    | details       |      3 | Any      |
 * | Any       | type_url      |      1 | string   |
 * | Any       | value         |      2 | bytes    |
 * | RetryInfo | retry_delay   |      1 | Duration |
 * | Duration  | seconds       |      1 | int64    |
 * | Duration  | nanos         |      2 | int32    |
 */
export function encodeRetryStatus(status: RpcStatus, retryAfterMs: number): Buffer {
  const duration = Buffer.concat([
    varintField(1, Math.floor(retryAfterMs / 1000)),
    varintField(2, Math.round(retryAfterMs % 1000) * 1_000_000),
  ]);
  const any = Buffer.concat([
    bytesField(1, Buffer.from('type.googleapis.com/google.rpc.RetryInfo')),
    bytesField(2, bytesField(1, duration)),
  ]);
  return Buffer.concat([encodeStatusProtobuf(status), bytesField(3, any)]);
}

function varintField(number: number, value: number): Buffer {
  return Buffer.from([number << 3, ...varint(value)]);
}

function bytesField(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes]);
}

/** Up to 2^31, which is more than a delay or a length here. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest];
}
