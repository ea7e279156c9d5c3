import { TraceFlags, propagation, trace } from '@opentelemetry/api';
import {
  UBER_DEBUG,
  UBER_SAMPLED,
  decodePercent,
  encodePercent,
  formatUberTraceId,
  parseUberTraceId,
} from '@clew/protocol';
import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
import { isTracingSuppressed } from '../context/suppress-tracing.ts';
import { baggageMembers } from './baggage-members.ts';
import { isDebugTrace, markDebugTrace } from './debug-trace.ts';
import { injectableSpan } from './injectable-span.ts';
import { singleHeader } from './single-header.ts';

const UBER_TRACE_ID = 'uber-trace-id';
const BAGGAGE_PREFIX = 'uberctx-';
const BAGGAGE_KEY = /^[\w!#$%&'*+.^`|~-]+$/;

/** Those of W3C Baggage; Jaeger has none. */
const MAX_ENTRIES = 180;
const MAX_CHARACTERS = 8192;

/**
 * Jaeger's clients: `uber-trace-id`, and each entry of the baggage in a header `uberctx-KEY`, percent-encoded. Keys come in lower
 * case over HTTP. Entries are added to those that the context has already.
 */
export class JaegerPropagator implements TextMapPropagator {
  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    if (isTracingSuppressed(context)) return;
    const span = injectableSpan(context);
    if (span !== undefined) {
      const { traceId, spanId, traceFlags } = span;
      const sampled = traceFlags & TraceFlags.SAMPLED ? UBER_SAMPLED : 0;
      const debug = isDebugTrace(context, traceId) ? UBER_DEBUG | UBER_SAMPLED : 0;
      setter.set(
        carrier,
        UBER_TRACE_ID,
        formatUberTraceId({ traceId, spanId, flags: sampled | debug }),
      );
    }
    injectBaggage(context, carrier, setter);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const extracted = extractBaggage(context, carrier, getter);
    const parsed = parseUberTraceId(singleHeader(carrier, getter, UBER_TRACE_ID) ?? '');
    if (parsed === undefined) return extracted;
    const { traceId, spanId, flags } = parsed;
    const isDebug = (flags & UBER_DEBUG) !== 0;
    const isSampled = isDebug || (flags & UBER_SAMPLED) !== 0;
    const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
    const spanContext = { traceId, spanId, traceFlags, isRemote: true };
    const adopted = trace.setSpanContext(extracted, spanContext);
    return isDebug ? markDebugTrace(adopted, traceId) : adopted;
  }

  /** Without those of the baggage, whose names are not known. */
  fields(): string[] {
    return [UBER_TRACE_ID];
  }
}

function injectBaggage(context: Context, carrier: unknown, setter: TextMapSetter): void {
  const budget = new EntryBudget();
  for (const { key, value } of baggageMembers(context)) {
    const text = encodePercent(value);
    if (BAGGAGE_KEY.test(key) && budget.take(key.length + text.length)) {
      setter.set(carrier, BAGGAGE_PREFIX + key, text);
    }
  }
}

function extractBaggage(context: Context, carrier: unknown, getter: TextMapGetter): Context {
  const before = propagation.getBaggage(context);
  let baggage = before;
  const budget = new EntryBudget();
  for (const name of getter.keys(carrier)) {
    if (!name.toLowerCase().startsWith(BAGGAGE_PREFIX)) continue;
    const key = name.slice(BAGGAGE_PREFIX.length);
    const text = singleHeader(carrier, getter, name);
    if (key === '' || text === undefined || !budget.take(key.length + text.length)) continue;
    baggage ??= propagation.createBaggage();
    baggage = baggage.setEntry(key, { value: decodePercent(text) });
  }
  if (baggage === undefined || baggage === before) return context;
  return propagation.setBaggage(context, baggage);
}

/** What is left of the bounds. */
class EntryBudget {
  #entries = MAX_ENTRIES;
  #characters = MAX_CHARACTERS;

  /** Whether one more of this size fits; then it is counted. */
  take(characters: number): boolean {
    if (this.#entries === 0 || characters > this.#characters) return false;
    this.#entries--;
    this.#characters -= characters;
    return true;
  }
}
