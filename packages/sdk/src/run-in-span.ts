import { SpanStatusCode, context } from '@opentelemetry/api';
import type { Context, Exception } from '@opentelemetry/api';
import type { Span } from './finishable-span.ts';
import { isIterated, traceIteration } from './trace-iteration.ts';
import { exceptionMessage } from './trace/exception.ts';

/**
 * Runs `fn` with `ctx` as the active context and ends the span when `fn` is done: when it returns, when the promise that it
 * returned settles, or when the generator or async iterator that it returned has been gone through. What it throws is recorded and
 * thrown on untouched.
 */
export function runInSpan<T>(span: Span, ctx: Context, fn: () => T): T {
  let result: T;
  try {
    result = context.with(ctx, fn);
  } catch (thrown) {
    failSpan(span, thrown);
    throw thrown;
  }
  if (typeof result !== 'object' || result === null) {
    span.end();
    return result;
  }
  if (isThenable(result)) return settle(span, result) as T;
  if (isIterated(result)) {
    return traceIteration(result, {
      run: (step) => context.with(ctx, step),
      end: () => span.end(),
      fail: (thrown) => failSpan(span, thrown),
    });
  }
  span.end();
  return result;
}

/** Records what was thrown, with its stack, and ends the span as failed. */
function failSpan(span: Span, thrown: unknown): void {
  span.recordException(thrown as Exception);
  span.setStatus({ code: SpanStatusCode.ERROR, message: exceptionMessage(thrown) });
  span.end();
}

/** The promise that is handed on is the one made here, so that a rejection nobody handles is still reported by Node. */
function settle(span: Span, result: PromiseLike<unknown>): PromiseLike<unknown> {
  return result.then(
    (value) => {
      span.end();
      return value;
    },
    (thrown: unknown) => {
      failSpan(span, thrown);
      throw thrown;
    },
  );
}

/** An answer that throws when it is looked at is handed on like any other. */
function isThenable(value: object): value is PromiseLike<unknown> {
  try {
    return 'then' in value && typeof value.then === 'function';
  } catch {
    return false;
  }
}
