import type { SpanContext, TraceState } from '@opentelemetry/api';
import type { ClockAnchor } from './span-clock.ts';
import { formatWord } from './trace-bits.ts';
import type { TraceBits } from './trace-bits.ts';

/** Who a span of this library is: what its children take over, without the digits that hardly anybody asks for. */
export interface LocalSpan {
  readonly trace: TraceBits;
  readonly spanWord0: number;
  readonly spanWord1: number;
  readonly traceFlags: number;
  readonly traceState: TraceState | undefined;
  /** Undefined for one that is not recorded. */
  readonly anchor: ClockAnchor | undefined;
}

/** As others see it. */
export function toSpanContext(span: LocalSpan): SpanContext {
  const spanContext: SpanContext = {
    traceId: span.trace.hex,
    spanId: formatWord(span.spanWord0) + formatWord(span.spanWord1),
    traceFlags: span.traceFlags,
  };
  if (span.traceState !== undefined) spanContext.traceState = span.traceState;
  return spanContext;
}
