import { context } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import type { Span } from './finishable-span.ts';
import { nameOf } from './function-name.ts';
import { runInSpan } from './run-in-span.ts';
import { startSpanFromContext } from './start-span.ts';

/**
 * Runs `fn` inside a span: the span is active while `fn` runs, and across its `await`s, and ends when `fn` returns or
 * its promise settles. What `fn` throws is recorded with its stack, makes the span's status an error, and is thrown on
 * untouched. Without a name the span has that of the function.
 */
export function withSpan<T>(fn: (span: Span) => T): T;
export function withSpan<T>(name: string, fn: (span: Span) => T): T;
export function withSpan<T>(name: string, attributes: Attributes, fn: (span: Span) => T): T;
export function withSpan<T>(
  ...args:
    | readonly [(span: Span) => T]
    | readonly [string, (span: Span) => T]
    | readonly [string, Attributes, (span: Span) => T]
): T {
  if (args.length === 1) return run(nameOf(args[0]), undefined, args[0]);
  if (args.length === 2) return run(args[0], undefined, args[1]);
  return run(...args);
}

function run<T>(name: string, attributes: Attributes | undefined, fn: (span: Span) => T): T {
  const options = attributes === undefined ? undefined : { attributes };
  const { span, ctx } = startSpanFromContext(context.active(), name, options);
  return runInSpan(span, ctx, () => fn(span));
}
