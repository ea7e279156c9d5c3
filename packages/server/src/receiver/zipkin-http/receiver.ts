/** Zipkin's HTTP API for senders (https://zipkin.io/zipkin-api/), both versions. */
import {
  decodeZipkinJson,
  decodeZipkinProtobuf,
  decodeZipkinV1Json,
  decodeZipkinV1Thrift,
} from '@clew/protocol';
import type { DecodeLimits } from '@clew/protocol';
import type { SpanSink } from '../../pipeline/span-sink.ts';
import { exportTraces } from '../export-traces.ts';
import type { TraceExport } from '../export-traces.ts';
import { encodeTextFailure } from '../http/answer.ts';
import { createHttpReceiver } from '../http/receiver.ts';
import type { HttpHandler, HttpReceiverParts, HttpRoute } from '../http/receiver.ts';
import type { Listener } from '../listener.ts';
import { encodeSuccess } from './encode.ts';

export interface ZipkinHttpOptions extends HttpReceiverParts {
  readonly sink: SpanSink;
  /** What is taken of a request; the decoders' own by default. */
  readonly limits?: DecodeLimits | undefined;
  /** Answers who asks instead of sending: Zipkin has one port for both. */
  readonly answerReads?: HttpHandler | undefined;
}

type Decode = typeof decodeZipkinJson;

const RECEIVER = 'zipkin_http';

/** What each path takes; without a content type it is JSON, as Zipkin has it. */
const DECODERS: readonly { readonly path: string; readonly byContentType: Map<string, Decode> }[] =
  [
    {
      path: '/api/v2/spans',
      byContentType: new Map([
        ['application/json', decodeZipkinJson],
        ['application/x-protobuf', decodeZipkinProtobuf],
        ['', decodeZipkinJson],
      ]),
    },
    {
      path: '/api/v1/spans',
      byContentType: new Map([
        ['application/json', decodeZipkinV1Json],
        ['application/x-thrift', decodeZipkinV1Thrift],
        ['', decodeZipkinV1Json],
      ]),
    },
  ];

/** Receives `POST /api/v2/spans` in JSON and protobuf, and `POST /api/v1/spans` in JSON and thrift. */
export function createZipkinHttpReceiver({ sink, limits, ...parts }: ZipkinHttpOptions): Listener {
  const routes = DECODERS.map(({ path, byContentType }): HttpRoute => ({
    path,
    contentTypes: [...byContentType.keys()],
    handle: async (body, { contentType }) => {
      const decoder = byContentType.get(contentType) ?? decodeZipkinJson;
      const decode: TraceExport['decode'] = (bytes, block) => decoder(bytes, block, limits);
      return encodeSuccess(await exportTraces(body, { sink, receiver: RECEIVER, decode }));
    },
  }));
  return createHttpReceiver({
    ...parts,
    receiver: RECEIVER,
    routes,
    encodeFailure: encodeTextFailure,
  });
}
