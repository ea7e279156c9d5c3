import { context, propagation } from '@opentelemetry/api';
import type { Context, TextMapGetter } from '@opentelemetry/api';
import { isContext } from '../context/is-context.ts';
import { environmentName } from './environment-name.ts';

type Variables = Readonly<Record<string, string | undefined>>;

const variablesGetter: TextMapGetter<Variables> = {
  keys: (env) => Object.keys(env).map(headerName),
  get: (env, name) => env[environmentName(name)],
};

/**
 * The context that a parent process has put into the environment with `injectIntoEnv`, or any other that keeps to
 * OpenTelemetry's `TRACEPARENT`, `TRACESTATE` and `BAGGAGE`. It is made from what is active here, or
 * from `ctx`, and is just that when there are none, or malformed ones.
 *
 * ```ts
 * runInContext(contextFromEnv(), () => withSpan('backup', main));
 * ```
 */
export function contextFromEnv(
  env: Variables = process.env,
  ctx: Context = context.active(),
): Context {
  return propagation.extract(isContext(ctx) ? ctx : context.active(), env, variablesGetter);
}

/** For propagators that look for headers with a prefix: an underscore can only have been a dash. */
function headerName(variable: string): string {
  return variable.toLowerCase().replaceAll('_', '-');
}
