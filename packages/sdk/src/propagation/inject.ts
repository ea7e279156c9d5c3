import { context, diag, propagation } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { isContext } from '../context/is-context.ts';
import { carrierSetter } from './carrier.ts';

/**
 * Writes what is active, or what `ctx` holds, among the headers of a message, so that whoever receives it joins the trace, and
 * answers with the same headers. They may be a plain object, `Headers`, a `Map`, or an array of `[name, value]`. Works for
 * anything else that is handed on, such as the `workerData` of a worker thread. Never throws.
 *
 * ```ts
 * await producer.send({ topic: 'orders', messages: [{ value, headers: inject({}) }] });
 * ```
 */
export function inject<T extends object>(carrier: T, ctx: Context = context.active()): T {
  try {
    propagation.inject(isContext(ctx) ? ctx : context.active(), carrier, carrierSetter);
  } catch (thrown) {
    // A propagator that is not this library's.
    diag.debug('clew: the trace could not be written into the headers', thrown);
  }
  return carrier;
}
