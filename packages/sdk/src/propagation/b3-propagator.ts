import { formatB3, formatB3Fields, parseB3, parseB3Fields } from '@clew/protocol';
import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
import { outgoingParent, readOne, withRemoteParent } from './remote-parent.ts';

const SINGLE = 'b3';
const TRACE_ID = 'x-b3-traceid';
const SPAN_ID = 'x-b3-spanid';
const SAMPLED = 'x-b3-sampled';
const FLAGS = 'x-b3-flags';

/**
 * Zipkin's headers: one, or several. Either form is read, the single header first; the one that was asked for is written. A header
 * that only says whether to sample has no parent, so it says nothing here.
 */
export class B3Propagator implements TextMapPropagator {
  readonly #form: 'single' | 'multi';

  constructor(form: 'single' | 'multi') {
    this.#form = form;
  }

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const parent = outgoingParent(context);
    if (parent === undefined) return;
    if (this.#form === 'single') {
      setter.set(carrier, SINGLE, formatB3(parent));
      return;
    }
    const { traceId, spanId, sampled } = formatB3Fields(parent);
    setter.set(carrier, TRACE_ID, traceId ?? '');
    setter.set(carrier, SPAN_ID, spanId ?? '');
    setter.set(carrier, SAMPLED, sampled ?? '');
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const read = (key: string): string | undefined => readOne(carrier, key, getter);
    const parent =
      parseB3(read(SINGLE) ?? '') ??
      parseB3Fields({
        traceId: read(TRACE_ID),
        spanId: read(SPAN_ID),
        sampled: read(SAMPLED),
        flags: read(FLAGS),
      });
    return withRemoteParent(context, parent);
  }

  fields(): string[] {
    return this.#form === 'single' ? [SINGLE] : [TRACE_ID, SPAN_ID, SAMPLED, FLAGS];
  }
}
