import { SpanStatusCode, context } from '@opentelemetry/api';
import type { Attributes, Exception } from '@opentelemetry/api';
import type { Span } from './finishable-span.ts';
import { startSpanFromContext } from './start-span.ts';
import { exceptionMessage } from './trace/exception.ts';

/**
 * Runs `fn` inside a span: the span is active while `fn` runs, and across its `await`s, and ends when `fn` returns or
 * its promise settles. What `fn` throws is recorded with its stack, makes the span's status an error, and is thrown on
 * untouched.
 */
export function withSpan<T>(name: string, fn: (span: Span) => T): T;
export function withSpan<T>(name: string, attributes: Attributes, fn: (span: Span) => T): T;
export function withSpan<T>(
  name: string,
  ...rest: readonly [(span: Span) => T] | readonly [Attributes, (span: Span) => T]
): T {
  const [attributes, fn] = rest.length === 1 ? [{}, rest[0]] : rest;
  const { span, ctx } = startSpanFromContext(context.active(), name, { attributes });
  let result: T;
  try {
    result = context.with(ctx, () => fn(span));
  } catch (thrown) {
    fail(span, thrown);
    throw thrown;
  }
  if (!isThenable(result)) {
    span.end();
    return result;
  }
  // The promise that is handed on is the one made here, so that a rejection nobody handles is still reported by Node.
  return result.then(
    (value) => {
      span.end();
      return value;
    },
    (thrown: unknown) => {
      fail(span, thrown);
      throw thrown;
    },
  ) as T;
}

function fail(span: Span, thrown: unknown): void {
  span.recordException(thrown as Exception);
  span.setStatus({ code: SpanStatusCode.ERROR, message: exceptionMessage(thrown) });
  span.end();
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    'then' in value &&
    typeof value.then === 'function'
  );
}
