import { context, diag, propagation } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { isContext } from '../context/is-context.ts';
import { carrierGetter } from './carrier.ts';

/**
 * Reads the headers of a message, written by `inject` or by any other tracer, and answers with a context in which the sender's
 * span is the active one: for `runInContext`, for `startSpanFromContext`, or for a link. It is made from what is active here, or
 * from `ctx`, and is just that when the headers have no trace, or a malformed one, or are missing. Never throws.
 *
 * ```ts
 * runInContext(extract(message.headers), () => withSpan('process-order', () => process(message)));
 * ```
 */
export function extract(
  carrier: object | null | undefined,
  ctx: Context = context.active(),
): Context {
  const from = isContext(ctx) ? ctx : context.active();
  try {
    return propagation.extract(from, carrier, carrierGetter);
  } catch (thrown) {
    // A propagator that is not this library's.
    diag.debug('clew: the trace could not be read from the headers', thrown);
    return from;
  }
}
