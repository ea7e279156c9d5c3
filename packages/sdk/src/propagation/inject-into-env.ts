import { context, propagation } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { environmentName } from './environment-name.ts';
import { inject } from './inject.ts';

/**
 * A copy of the environment, or of `env`, with what is active, or what `ctx` holds, in `TRACEPARENT`, `TRACESTATE` and `BAGGAGE` (and those of
 * other propagators), for a child process that is to join the trace. Those that this process was started with are replaced, and
 * handed on as they are when nothing is traced here. Never throws.
 *
 * ```ts
 * spawn('backup', { env: injectIntoEnv() });
 * ```
 */
export function injectIntoEnv(
  env: Readonly<Record<string, string | undefined>> = process.env,
  ctx: Context = context.active(),
): Record<string, string | undefined> {
  const copy = { ...env };
  const headers = Object.entries(inject<Record<string, string>>({}, ctx));
  if (headers.length === 0) return copy;
  for (const field of propagation.fields()) delete copy[environmentName(field)];
  for (const [name, value] of headers) copy[environmentName(name)] = value;
  return copy;
}
