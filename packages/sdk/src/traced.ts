import { context } from '@opentelemetry/api';
import type { Attributes, SpanKind, SpanOptions } from '@opentelemetry/api';
import { Complaints } from './complaints.ts';
import { nameOf } from './function-name.ts';
import { runInSpan } from './run-in-span.ts';
import { startSpanFromContext } from './start-span.ts';

export interface TracedOptions<Args extends readonly unknown[]> {
  /** What its spans are called; the function's name. */
  readonly name?: string;
  /** `SpanKind.INTERNAL`. */
  readonly kind?: SpanKind;
  /** What is to be known of one call. */
  readonly attributes?: (args: Args) => Attributes;
}

/**
 * A function that does what `fn` does, each call in a span of its own: `this`, arguments, result, errors, name, length and
 * properties stay as they are. A promise, a generator or an async iterator that it returns is followed to its end.
 */
export function traced<This, Args extends unknown[], Result>(
  fn: (this: This, ...args: Args) => Result,
  options?: TracedOptions<Args>,
): (this: This, ...args: Args) => Result {
  const name = options?.name ?? nameOf(fn);
  const readOptions = spanOptionsReader(options);
  const wrapped = function (this: This, ...args: Args): Result {
    const { span, ctx } = startSpanFromContext(context.active(), name, readOptions(args));
    return runInSpan(span, ctx, () => fn.apply(this, args));
  };
  const { prototype: _, ...properties } = Object.getOwnPropertyDescriptors(fn) as Record<
    string,
    PropertyDescriptor
  >;
  return Object.defineProperties(wrapped, properties);
}

/** Makes the options of each call's span; that its attributes fail is told once. */
function spanOptionsReader<Args extends readonly unknown[]>(
  options: TracedOptions<Args> | undefined,
): (args: Args) => SpanOptions {
  const kind = options?.kind;
  const read = options?.attributes;
  const always: SpanOptions = kind === undefined ? {} : { kind };
  if (read === undefined) return () => always;
  const complaints = new Complaints();
  return (args) => {
    try {
      return { ...always, attributes: read(args) };
    } catch (thrown) {
      // What only describes a call must not fail it.
      complaints.tell('attributes of a traced function threw', thrown);
      return always;
    }
  };
}
