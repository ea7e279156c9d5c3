import { SpanStatusCode } from '@opentelemetry/api';
import type { Exception, Span } from '@opentelemetry/api';
import { exceptionMessage, exceptionType } from '../trace/exception.ts';

/** Says on the span of an HTTP request that it failed with what was thrown. */
export function failRequest(span: Span, thrown: unknown): void {
  span.recordException(thrown as Exception);
  span.setAttribute('error.type', exceptionType(thrown));
  span.setStatus({ code: SpanStatusCode.ERROR, message: exceptionMessage(thrown) });
}
