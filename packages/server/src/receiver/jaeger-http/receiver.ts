/** Jaeger's thrift over HTTP: what clients post to its collector (https://www.jaegertracing.io/docs/latest/apis/). */
import { JAEGER_THRIFT_CONTENT_TYPES, decodeJaegerThrift } from '@clew/protocol';
import type { DecodeLimits, PartialSuccess } from '@clew/protocol';
import type { SpanSink } from '../../pipeline/span-sink.ts';
import { exportTraces } from '../export-traces.ts';
import type { TraceExport } from '../export-traces.ts';
import { encodeTextFailure } from '../http/answer.ts';
import type { HttpAnswer } from '../http/answer.ts';
import { createHttpReceiver } from '../http/receiver.ts';
import type { HttpReceiverParts, HttpRoute } from '../http/receiver.ts';
import type { Listener } from '../listener.ts';

export interface JaegerHttpOptions extends HttpReceiverParts {
  readonly sink: SpanSink;
  /** What is taken of a request; the decoder's own by default. */
  readonly limits?: DecodeLimits | undefined;
}

const RECEIVER = 'jaeger_http';

/** Receives `POST /api/traces`: a `Batch` in thrift's binary protocol. */
export function createJaegerHttpReceiver({ sink, limits, ...parts }: JaegerHttpOptions): Listener {
  const decode: TraceExport['decode'] = (bytes, block) => decodeJaegerThrift(bytes, block, limits);
  const traces: HttpRoute = {
    path: '/api/traces',
    contentTypes: JAEGER_THRIFT_CONTENT_TYPES,
    handle: async (body) => {
      return encodeSuccess(await exportTraces(body, { sink, receiver: RECEIVER, decode }));
    },
  };
  return createHttpReceiver({
    ...parts,
    receiver: RECEIVER,
    routes: [traces],
    encodeFailure: encodeTextFailure,
  });
}

/**
 * 202 and nothing more, as Jaeger answers. It has no words for spans that were refused while the others were kept; a
 * text says so to whoever looks.
 */
function encodeSuccess(partial: PartialSuccess | undefined): HttpAnswer {
  if (partial === undefined) return { status: 202 };
  return {
    status: 202,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: `refused spans: ${partial.rejectedSpans} (${partial.message})\n`,
    outcome: 'partial',
  };
}
