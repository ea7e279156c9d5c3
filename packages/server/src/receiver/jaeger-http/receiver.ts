/** Jaeger's thrift over HTTP: what clients post to its collector (https://www.jaegertracing.io/docs/latest/apis/). */
import { JAEGER_THRIFT_CONTENT_TYPES, decodeJaegerThrift } from '@clew/protocol';
import type { PartialSuccess } from '@clew/protocol';
import type { SpanSink } from '../../pipeline/span-sink.ts';
import { exportTraces } from '../export-traces.ts';
import { encodeTextFailure } from '../http/answer.ts';
import type { HttpAnswer } from '../http/answer.ts';
import { createHttpReceiver } from '../http/receiver.ts';
import type { HttpReceiverParts, HttpRoute } from '../http/receiver.ts';
import type { Listener } from '../listener.ts';

export interface JaegerHttpOptions extends HttpReceiverParts {
  readonly sink: SpanSink;
}

const RECEIVER = 'jaeger_http';

/** Receives `POST /api/traces`: a `Batch` in thrift's binary protocol. */
export function createJaegerHttpReceiver({ sink, ...parts }: JaegerHttpOptions): Listener {
  const traces: HttpRoute = {
    path: '/api/traces',
    contentTypes: JAEGER_THRIFT_CONTENT_TYPES,
    handle: async (body) => {
      const decode = decodeJaegerThrift;
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
