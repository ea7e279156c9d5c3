import { TraceFlags, trace } from '@opentelemetry/api';
import { formatB3, formatB3Fields, parseB3, parseB3Fields } from '@clew/protocol';
import type { B3Context, B3Sampling } from '@clew/protocol';
import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
import { RandomWords } from '../trace/random-words.ts';
import { TraceBits, formatWord } from '../trace/trace-bits.ts';
import { isDebugTrace, markDebugTrace } from './debug-trace.ts';
import { injectableSpan } from './injectable-span.ts';

const B3 = 'b3';
const TRACE_ID = 'x-b3-traceid';
const SPAN_ID = 'x-b3-spanid';
const SAMPLED = 'x-b3-sampled';
const FLAGS = 'x-b3-flags';

/**
 * OpenZipkin's B3. It writes one form, and reads both: the single header if it is well-formed, else the several ones. Of a header
 * given several times the first value counts, as B3 has it. Ids without a decision count as not sampled, as in OpenTelemetry's
 * other libraries, because W3C's flags have no third state. A denial without ids (`b3: 0`) makes what begins here an unsampled
 * trace; the other decisions without ids are left to the sampler.
 */
export class B3Propagator implements TextMapPropagator {
  readonly #form: 'single' | 'multi';
  readonly #words = new RandomWords();

  constructor(form: 'single' | 'multi') {
    this.#form = form;
  }

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const ids = injectableSpan(context);
    if (ids === undefined) return;
    const isSampled = (ids.traceFlags & TraceFlags.SAMPLED) !== 0;
    const sampled: B3Sampling = isSampled ? 'accept' : 'deny';
    const sampling = isDebugTrace(context, ids.traceId) ? 'debug' : sampled;
    if (this.#form === 'single') {
      setter.set(carrier, B3, formatB3({ ids, sampling }));
      return;
    }
    const fields = formatB3Fields({ ids, sampling });
    for (const [name, value] of [
      [TRACE_ID, fields.traceId],
      [SPAN_ID, fields.spanId],
      [SAMPLED, fields.sampled],
      [FLAGS, fields.flags],
    ] as const) {
      if (value !== undefined) setter.set(carrier, name, value);
    }
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const read = (name: string): string | undefined => firstValue(getter.get(carrier, name));
    const parsed =
      parseB3(read(B3) ?? '') ??
      parseB3Fields({
        traceId: read(TRACE_ID),
        spanId: read(SPAN_ID),
        sampled: read(SAMPLED),
        flags: read(FLAGS),
      });
    return parsed === undefined ? context : this.#adopt(context, parsed);
  }

  fields(): string[] {
    return this.#form === 'single' ? [B3] : [TRACE_ID, SPAN_ID, SAMPLED, FLAGS];
  }

  #adopt(context: Context, { ids, sampling }: B3Context): Context {
    if (ids === undefined && sampling !== 'deny') return context;
    const { traceId, spanId } = ids ?? this.#makeIds();
    const isSampled = sampling === 'accept' || sampling === 'debug';
    const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
    const spanContext = { traceId, spanId, traceFlags, isRemote: true };
    const adopted = trace.setSpanContext(context, spanContext);
    return sampling === 'debug' ? markDebugTrace(adopted, traceId) : adopted;
  }

  /** Of a parent that nobody records, so that what begins here is not recorded either, and tells others so. */
  #makeIds(): { readonly traceId: string; readonly spanId: string } {
    const words = this.#words;
    return {
      traceId: TraceBits.random(words).hex,
      spanId: formatWord(words.take()) + formatWord(words.takeNonZero()),
    };
  }
}

/** Node joins headers of the same name with commas. */
function firstValue(header: string | string[] | undefined): string | undefined {
  const text: unknown = Array.isArray(header) ? header[0] : header;
  return typeof text === 'string' ? text.split(',', 1)[0]?.trim() : undefined;
}
