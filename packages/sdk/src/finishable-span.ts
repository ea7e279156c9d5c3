import type { Span as ApiSpan, TimeInput } from '@opentelemetry/api';

/** OpenTelemetry's span, `finish()` for those who know it from OpenTracing, and what `using` needs. */
export interface Span extends ApiSpan, Disposable {
  /** Ends the span: the same as `end()`. */
  finish(endTime?: TimeInput): void;
}

/** Gives `finish()` to a span that comes from elsewhere: from another tracer provider, or from none at all. */
export function withFinish(span: ApiSpan): Span {
  if (isFinishable(span)) return span;
  return Object.assign(span, {
    finish: (endTime?: TimeInput) => span.end(endTime),
    [Symbol.dispose]: () => span.end(),
  });
}

function isFinishable(span: ApiSpan): span is Span {
  return 'finish' in span && Symbol.dispose in span;
}
