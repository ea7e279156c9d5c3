import { propagation } from '@opentelemetry/api';
import { formatUberTraceId, parseUberTraceId } from '@clew/protocol';
import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
import { isTracingSuppressed } from '../context/suppress-tracing.ts';
import { outgoingParent, readOne, withRemoteParent } from './remote-parent.ts';

const UBER_TRACE_ID = 'uber-trace-id';
const BAGGAGE_PREFIX = 'uberctx-';
/** Of what is read: entries, and characters of a value. */
const MAX_ENTRIES = 180;
const MAX_CHARACTERS = 4096;
/** What HTTP lets a header's name have, and no more. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** The headers of Jaeger's clients: `uber-trace-id`, and one for each entry of the baggage. */
export class JaegerPropagator implements TextMapPropagator {
  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const parent = outgoingParent(context);
    if (parent !== undefined) setter.set(carrier, UBER_TRACE_ID, formatUberTraceId(parent));
    if (isTracingSuppressed(context)) return;
    for (const [key, { value }] of propagation.getBaggage(context)?.getAllEntries() ?? []) {
      const encoded = convert(encodeURIComponent, value);
      if (TOKEN.test(key) && encoded !== undefined) {
        setter.set(carrier, `${BAGGAGE_PREFIX}${key}`, encoded);
      }
    }
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const parent = parseUberTraceId(readOne(carrier, UBER_TRACE_ID, getter) ?? '');
    const keys = getter.keys(carrier).filter((key) => key.toLowerCase().startsWith(BAGGAGE_PREFIX));
    let baggage = propagation.getBaggage(context);
    for (const key of keys.slice(0, MAX_ENTRIES)) {
      const text = readOne(carrier, key, getter);
      const value =
        text === undefined || text.length > MAX_CHARACTERS
          ? undefined
          : convert(decodeURIComponent, text);
      const name = key.slice(BAGGAGE_PREFIX.length);
      if (value === undefined || name === '') continue;
      baggage = (baggage ?? propagation.createBaggage()).setEntry(name, { value });
    }
    const ctx = withRemoteParent(context, parent);
    return baggage === undefined ? ctx : propagation.setBaggage(ctx, baggage);
  }

  fields(): string[] {
    return [UBER_TRACE_ID];
  }
}

function convert(change: (text: string) => string, text: string): string | undefined {
  try {
    return change(text);
  } catch {
    return undefined; // A stray percent sign, or half a character.
  }
}
