import { TraceFlags, isSpanContextValid, trace } from '@opentelemetry/api';
import { formatB3, formatB3Fields, parseB3, parseB3Fields } from '@clew/protocol';
import type { B3Context, B3Sampling } from '@clew/protocol';
import type { Context } from '@opentelemetry/api';
import { RandomWords } from '../trace/random-words.ts';
import { TraceBits, formatWord } from '../trace/trace-bits.ts';
import { isDebugTrace, markDebugTrace } from './debug-trace.ts';
import type { HeaderFormat, HeaderWriter } from './header-format.ts';
import type { HeaderReader } from './header-reader.ts';
import { injectableSpan } from './injectable-span.ts';

const B3 = 'b3';
const TRACE_ID = 'x-b3-traceid';
const SPAN_ID = 'x-b3-spanid';
const SAMPLED = 'x-b3-sampled';
const FLAGS = 'x-b3-flags';

/**
 * OpenZipkin's B3. It writes one form, and reads both: the single header if it is well-formed, else the several ones. Ids without a
 * decision count as not sampled, as in OpenTelemetry's other libraries, because W3C's flags have no third state. A denial without
 * ids (`b3: 0`) makes what begins here an unsampled trace, unless there is a trace already, from other headers or in the context
 * before: that one has a decision of its own. The other decisions without ids are left to the sampler.
 */
export class B3Format implements HeaderFormat {
  readonly #form: 'single' | 'multi';
  readonly #words = new RandomWords();

  constructor(form: 'single' | 'multi') {
    this.#form = form;
  }

  inject(context: Context, headers: HeaderWriter): void {
    const ids = injectableSpan(context);
    if (ids === undefined) return;
    const isSampled = (ids.traceFlags & TraceFlags.SAMPLED) !== 0;
    const sampled: B3Sampling = isSampled ? 'accept' : 'deny';
    const sampling = isDebugTrace(context, ids.traceId) ? 'debug' : sampled;
    if (this.#form === 'single') {
      headers.set(B3, formatB3({ ids, sampling }));
      return;
    }
    const fields = formatB3Fields({ ids, sampling });
    for (const [name, value] of [
      [TRACE_ID, fields.traceId],
      [SPAN_ID, fields.spanId],
      [SAMPLED, fields.sampled],
      [FLAGS, fields.flags],
    ] as const) {
      if (value !== undefined) headers.set(name, value);
    }
  }

  extract(context: Context, headers: HeaderReader): Context {
    const parsed = headers.parsed(B3, parseB3) ?? readFields(headers);
    return parsed === undefined ? context : this.#adopt(context, parsed);
  }

  fields(): readonly string[] {
    return this.#form === 'single' ? [B3] : [TRACE_ID, SPAN_ID, SAMPLED, FLAGS];
  }

  #adopt(context: Context, { ids, sampling }: B3Context): Context {
    if (ids === undefined && (sampling !== 'deny' || hasTrace(context))) return context;
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

function readFields(headers: HeaderReader): B3Context | undefined {
  const traceId = headers.single(TRACE_ID);
  const spanId = headers.single(SPAN_ID);
  const parsed = parseB3Fields({
    traceId,
    spanId,
    sampled: headers.single(SAMPLED),
    flags: headers.single(FLAGS),
  });
  if (parsed === undefined && (traceId ?? spanId) !== undefined) headers.reject(TRACE_ID);
  return parsed;
}

function hasTrace(context: Context): boolean {
  const span = trace.getSpanContext(context);
  return span !== undefined && isSpanContextValid(span);
}
