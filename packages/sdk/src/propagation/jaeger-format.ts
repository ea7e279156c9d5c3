import { TraceFlags, propagation, trace } from '@opentelemetry/api';
import {
  UBER_DEBUG,
  UBER_SAMPLED,
  decodePercent,
  encodePercent,
  formatUberTraceId,
  parseUberTraceId,
} from '@clew/protocol';
import type { Context } from '@opentelemetry/api';
import { isTracingSuppressed } from '../context/suppress-tracing.ts';
import { addBaggage } from './add-baggage.ts';
import { BAGGAGE_LEFT_OUT, baggageMembers } from './baggage-members.ts';
import { isDebugTrace, markDebugTrace } from './debug-trace.ts';
import type { HeaderFormat, HeaderWriter } from './header-format.ts';
import type { HeaderReader } from './header-reader.ts';
import { injectableSpan } from './injectable-span.ts';

const UBER_TRACE_ID = 'uber-trace-id';
const BAGGAGE_PREFIX = 'uberctx-';
const BAGGAGE_KEY = /^[\w!#$%&'*+.^`|~-]+$/;

/** Those of W3C Baggage; Jaeger has none. */
const MAX_ENTRIES = 180;
const MAX_CHARACTERS = 8192;

/**
 * Jaeger's clients: `uber-trace-id`, and each entry of the baggage in a header `uberctx-KEY`, percent-encoded. Keys come in lower
 * case over HTTP. Entries are added to those that the context has already. Of 180 headers of baggage the value is looked at, in
 * their order, and of these, as of what is written, up to 8192 characters are taken, keys and values.
 */
export class JaegerFormat implements HeaderFormat {
  inject(context: Context, headers: HeaderWriter): void {
    if (isTracingSuppressed(context)) return;
    const span = injectableSpan(context);
    if (span !== undefined) {
      const { traceId, spanId, traceFlags } = span;
      const sampled = traceFlags & TraceFlags.SAMPLED ? UBER_SAMPLED : 0;
      const debug = isDebugTrace(context, traceId) ? UBER_DEBUG | UBER_SAMPLED : 0;
      headers.set(UBER_TRACE_ID, formatUberTraceId({ traceId, spanId, flags: sampled | debug }));
    }
    injectBaggage(context, headers);
  }

  extract(context: Context, headers: HeaderReader): Context {
    const extracted = extractBaggage(context, headers);
    const parsed = headers.parsed(UBER_TRACE_ID, parseUberTraceId);
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
  fields(): readonly string[] {
    return [UBER_TRACE_ID];
  }
}

function injectBaggage(context: Context, headers: HeaderWriter): void {
  const budget = new EntryBudget();
  const { members, leftOut } = baggageMembers(propagation.getBaggage(context));
  let isWhole = leftOut === 0;
  for (const { key, value } of members) {
    // Encoding makes a value longer, never shorter: one that is too long is not worth the work.
    const isOversized = value.length > MAX_CHARACTERS || !BAGGAGE_KEY.test(key);
    const text = isOversized ? '' : encodePercent(value);
    if (!isOversized && budget.take(key.length + text.length)) {
      headers.set(BAGGAGE_PREFIX + key, text);
    } else isWhole = false;
  }
  if (!isWhole) headers.tell(BAGGAGE_LEFT_OUT);
}

function extractBaggage(context: Context, headers: HeaderReader): Context {
  const names = headers.names().filter(isBaggageName);
  if (names.length === 0) return context;
  const entries = names.slice(0, MAX_ENTRIES).flatMap((name) => readEntry(name, headers));
  const budget = new EntryBudget();
  const taken = entries.filter(([key, text]) => budget.take(key.length + text.length));
  if (taken.length < names.length) headers.reject(BAGGAGE_PREFIX);
  if (taken.length === 0) return context;
  return addBaggage(
    context,
    taken.map(([key, text]) => [key, { value: decodePercent(text) }]),
  );
}

function readEntry(name: string, headers: HeaderReader): (readonly [key: string, text: string])[] {
  const key = name.slice(BAGGAGE_PREFIX.length);
  const text = headers.single(name, { maxCharacters: MAX_CHARACTERS, kind: BAGGAGE_PREFIX });
  return key === '' || text === undefined ? [] : [[key, text]];
}

function isBaggageName(name: string): boolean {
  return name.slice(0, BAGGAGE_PREFIX.length).toLowerCase() === BAGGAGE_PREFIX;
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
