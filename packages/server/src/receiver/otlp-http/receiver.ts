/** OTLP over HTTP (https://opentelemetry.io/docs/specs/otlp/#otlphttp). Of its signals only traces are kept. */
import {
  OTLP_CONTENT_TYPES,
  decodeTracesJson,
  decodeTracesProtobuf,
  parseOtlpContentType,
} from '@clew/protocol';
import type { DecodeLimits } from '@clew/protocol';
import type { SpanSink } from '../../pipeline/span-sink.ts';
import { exportTraces } from '../export-traces.ts';
import type { TraceExport } from '../export-traces.ts';
import { createHttpHandler, createHttpReceiver } from '../http/receiver.ts';
import type {
  HttpHandler,
  HttpReceiverOptions,
  HttpReceiverParts,
  HttpRoute,
} from '../http/receiver.ts';
import type { Listener } from '../listener.ts';
import { OTHER_SIGNALS, OtherSignals, SIGNAL_PATHS } from '../other-signals.ts';
import { encodeFailure, encodeSuccess } from './encode.ts';

export interface OtlpHttpOptions extends HttpReceiverParts {
  readonly sink: SpanSink;
  /** What is taken of a request; the decoder's own by default. */
  readonly limits?: DecodeLimits | undefined;
}

const RECEIVER = 'otlp_http';

const CONTENT_TYPES = [OTLP_CONTENT_TYPES.protobuf, OTLP_CONTENT_TYPES.json];

/** Receives `POST /v1/traces` in protobuf and JSON from services and from browsers. */
export function createOtlpHttpReceiver(options: OtlpHttpOptions): Listener {
  const traces = createTracesRoute('/v1/traces', options);
  return createHttpReceiver(describe([traces, ...createOtherRoutes(options)], options));
}

/** Traces alone, at another path, for a listener that does more than receive. */
export function createOtlpHttpHandler(path: string, options: OtlpHttpOptions): HttpHandler {
  return createHttpHandler(describe([createTracesRoute(path, options)], options));
}

function describe(routes: readonly HttpRoute[], options: OtlpHttpOptions): HttpReceiverOptions {
  return { ...options, receiver: RECEIVER, routes, encodeFailure };
}

function createTracesRoute(path: string, { sink, limits }: OtlpHttpOptions): HttpRoute {
  return {
    path,
    contentTypes: CONTENT_TYPES,
    handle: async (body, { contentType }) => {
      const encoding = parseOtlpContentType(contentType) ?? 'protobuf';
      const decoder = encoding === 'json' ? decodeTracesJson : decodeTracesProtobuf;
      const decode: TraceExport['decode'] = (bytes, block) => decoder(bytes, block, limits);
      return encodeSuccess(
        await exportTraces(body, { sink, receiver: RECEIVER, decode }),
        encoding,
      );
    },
  };
}

function createOtherRoutes({ metrics, log }: OtlpHttpOptions): HttpRoute[] {
  const others = new OtherSignals({ receiver: RECEIVER, metrics, log });
  return OTHER_SIGNALS.map((signal) => ({
    path: SIGNAL_PATHS[signal].http,
    contentTypes: CONTENT_TYPES,
    handle: async (bytes, { contentType, address }) => {
      const encoding = parseOtlpContentType(contentType) ?? 'protobuf';
      const { body, outcome } = others.answer(bytes, { signal, encoding, address });
      return {
        status: 200,
        headers: { 'content-type': OTLP_CONTENT_TYPES[encoding] },
        body,
        outcome,
      };
    },
  }));
}
