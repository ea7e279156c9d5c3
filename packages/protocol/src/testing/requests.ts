import { DecodeError, SpanBlock } from '@clew/model';
import type { Span } from '@clew/model';
import { decodeTracesProtobuf } from '../otlp/decode.ts';
import type { DecodeLimits } from '../otlp/limits.ts';
import type { RejectedSpans } from '../otlp/rejections.ts';
import { readSpans } from '../otlp/to-model.ts';
import { writeOtlp } from './otlp-oracle.ts';

export type Message = Record<string, unknown>;

export interface Decoded {
  readonly spans: readonly Span[];
  readonly rejected: RejectedSpans;
  readonly block: SpanBlock;
}

export const NO_REJECTIONS: RejectedSpans = { count: 0, reasons: [] };

/** A good span as protobufjs takes it; a test names only what it is about. */
export function spanMessage(changes: Message = {}): Message {
  return {
    traceId: Buffer.from('5b8efff798038103d269b633813fc60c', 'hex'),
    spanId: Buffer.from('eee19b7ec3c1b174', 'hex'),
    name: 'get-user',
    startTimeUnixNano: '1700000000000000000',
    endTimeUnixNano: '1700000000005000000',
    ...changes,
  };
}

/** The bytes of a request with one resource and one scope. */
export function encodeRequest(spans: readonly Message[], resource: Message = {}): Uint8Array {
  return writeOtlp('ExportTraceServiceRequest', {
    resourceSpans: [{ resource, scopeSpans: [{ spans }] }],
  });
}

export function decode(bytes: Uint8Array, limits?: DecodeLimits): Decoded {
  const block = new SpanBlock('default');
  const rejected = decodeTracesProtobuf(bytes, block, limits);
  return { spans: readSpans(block), rejected, block };
}

/** Runs a decoder on bytes that may be broken: all it may throw is a `DecodeError`, and then nothing is half done. */
export function decodeBroken(decodeInto: (block: SpanBlock) => void): void {
  const block = new SpanBlock('default');
  try {
    decodeInto(block);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
  readSpans(block);
}
