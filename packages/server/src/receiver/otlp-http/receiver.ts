/** OTLP over HTTP (https://opentelemetry.io/docs/specs/otlp/#otlphttp), traces only. */
import {
  OTLP_CONTENT_TYPES,
  decodeTracesJson,
  decodeTracesProtobuf,
  parseOtlpContentType,
} from '@clew/protocol';
import type { SpanSink } from '../../pipeline/span-sink.ts';
import { exportTraces } from '../export-traces.ts';
import { createHttpReceiver } from '../http/receiver.ts';
import type { HttpReceiverParts, HttpRoute } from '../http/receiver.ts';
import type { Listener } from '../listener.ts';
import { encodeFailure, encodeSuccess } from './encode.ts';

export interface OtlpHttpOptions extends HttpReceiverParts {
  readonly sink: SpanSink;
}

const RECEIVER = 'otlp_http';

/** Receives `POST /v1/traces` in protobuf and JSON from services and from browsers. */
export function createOtlpHttpReceiver({ sink, ...parts }: OtlpHttpOptions): Listener {
  const traces: HttpRoute = {
    path: '/v1/traces',
    contentTypes: [OTLP_CONTENT_TYPES.protobuf, OTLP_CONTENT_TYPES.json],
    handle: async (body, { contentType }) => {
      const encoding = parseOtlpContentType(contentType) ?? 'protobuf';
      const decode = encoding === 'json' ? decodeTracesJson : decodeTracesProtobuf;
      return encodeSuccess(
        await exportTraces(body, { sink, receiver: RECEIVER, decode }),
        encoding,
      );
    },
  };
  return createHttpReceiver({ ...parts, receiver: RECEIVER, routes: [traces], encodeFailure });
}
