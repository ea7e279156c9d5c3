import { SpanBlock } from '@clew/model';
import {
  NO_DECODE_LIMITS,
  decodeTracesProtobuf,
  encodeTracesJson,
  readSpans,
} from '@clew/protocol';
import type { HttpEncoding } from './http-exporter.ts';
import type { PartialSuccess } from './partial-success.ts';

/** OTLP/JSON, made of the protobuf that spans are kept in: for receivers that cannot read that. */
export const JSON_ENCODING: HttpEncoding = {
  contentType: 'application/json',
  encodeBody: encodeJsonBody,
  decodeSuccess: decodeJsonPartialSuccess,
  decodeError: (body) => textOf(parse(body), 'message'),
};

function encodeJsonBody(body: Uint8Array): Uint8Array {
  const block = new SpanBlock('default');
  decodeTracesProtobuf(body, block, NO_DECODE_LIMITS);
  return Buffer.from(encodeTracesJson(readSpans(block)));
}

/** 64-bit numbers are strings in ProtoJSON, and may be numbers. */
function decodeJsonPartialSuccess(body: Uint8Array): PartialSuccess {
  const partial = memberOf(parse(body), 'partialSuccess');
  const rejected = Number(memberOf(partial, 'rejectedSpans') ?? 0);
  return {
    rejectedSpanCount: rejected > 0 && Number.isFinite(rejected) ? rejected : 0,
    message: textOf(partial, 'errorMessage'),
  };
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined; // Not JSON, so nothing was said.
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textOf(value: unknown, name: string): string {
  const text = memberOf(value, name);
  return typeof text === 'string' ? text : '';
}
