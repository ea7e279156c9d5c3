/** OTLP over HTTP (https://opentelemetry.io/docs/specs/otlp/#otlphttp), traces only. */
import {
  OTLP_CONTENT_TYPES,
  decodeTracesJson,
  decodeTracesProtobuf,
  parseOtlpContentType,
} from '@clew/protocol';
import type { SpanSink } from '../../pipeline/span-sink.ts';
import { exportTraces } from '../export-traces.ts';
import { createHttpHandler, createHttpReceiver } from '../http/receiver.ts';
import type {
  HttpHandler,
  HttpReceiverOptions,
  HttpReceiverParts,
  HttpRoute,
} from '../http/receiver.ts';
import type { Listener } from '../listener.ts';
import { encodeFailure, encodeSuccess } from './encode.ts';

export interface OtlpHttpOptions extends HttpReceiverParts {
  readonly sink: SpanSink;
}

const RECEIVER = 'otlp_http';

/** Receives `POST /v1/traces` in protobuf and JSON from services and from browsers. */
export function createOtlpHttpReceiver(options: OtlpHttpOptions): Listener {
  return createHttpReceiver(describeReceiver('/v1/traces', options));
}

/** The same at another path, for a listener that does more than receive. */
export function createOtlpHttpHandler(path: string, options: OtlpHttpOptions): HttpHandler {
  return createHttpHandler(describeReceiver(path, options));
}

function describeReceiver(path: string, { sink, ...parts }: OtlpHttpOptions): HttpReceiverOptions {
  const traces: HttpRoute = {
    path,
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
  return { ...parts, receiver: RECEIVER, routes: [traces], encodeFailure };
}
