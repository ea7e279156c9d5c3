import { ROOT_CONTEXT, TraceFlags, propagation, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';

export const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
export const SPAN_ID = 'b7ad6b7169203331';
/** Of the two. */
export const TRACEPARENT: string = `00-${TRACE_ID}-${SPAN_ID}-01`;
/** Of another trace, which is not sampled. */
export const OTHER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';

/** What a sampled span of this process has to pass on: itself, and baggage. */
export const CARRIED_CONTEXT: Context = propagation.setBaggage(
  trace.setSpanContext(ROOT_CONTEXT, {
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    traceFlags: TraceFlags.SAMPLED,
  }),
  propagation.createBaggage({ user: { value: 'Zoë' } }),
);
