import type { PartialSuccess } from '@clew/protocol';
import type { HttpAnswer } from '../http/answer.ts';

/**
 * The answer to a request that was served: 202 and nothing more, as Zipkin answers. Its protocol has no words for spans
 * that were refused while the others were kept; a text says so to whoever looks, and senders pass over it.
 */
export function encodeSuccess(partial: PartialSuccess | undefined): HttpAnswer {
  if (partial === undefined) return { status: 202 };
  const { rejectedSpans, message } = partial;
  return {
    status: 202,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: `refused spans: ${rejectedSpans} (${message})\n`,
    outcome: 'partial',
  };
}
