import {
  OTLP_CONTENT_TYPES,
  encodeExportResponseJson,
  encodeExportResponseProtobuf,
  encodeStatusJson,
  encodeStatusProtobuf,
  parseOtlpContentType,
} from '@clew/protocol';
import type { OtlpEncoding, PartialSuccess } from '@clew/protocol';
import { GRPC_CODES } from '../grpc-code.ts';
import type { FailureBody, HttpAnswer, HttpFailure } from '../http/answer.ts';

/** The answer to a request that was served, whole or in part; both are 200 in OTLP. */
export function encodeSuccess(
  partial: PartialSuccess | undefined,
  encoding: OtlpEncoding,
): HttpAnswer {
  return {
    status: 200,
    headers: { 'content-type': OTLP_CONTENT_TYPES[encoding] },
    body:
      encoding === 'json'
        ? encodeExportResponseJson(partial)
        : encodeExportResponseProtobuf(partial),
    outcome: partial === undefined ? 'ok' : 'partial',
  };
}

/** What is told when a request was not served: a `google.rpc.Status` in the request's encoding, JSON when in doubt. */
export function encodeFailure({ code, message, contentType = '' }: HttpFailure): FailureBody {
  const status = { code: GRPC_CODES[code], message };
  return parseOtlpContentType(contentType) === 'protobuf'
    ? { contentType: OTLP_CONTENT_TYPES.protobuf, body: encodeStatusProtobuf(status) }
    : { contentType: OTLP_CONTENT_TYPES.json, body: encodeStatusJson(status) };
}
