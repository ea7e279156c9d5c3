import { ConfigError } from '@clew/model';
import { checkChoice } from './check-option.ts';
import type { Environment } from './environment.ts';

/** How the context travels between processes, by OpenTelemetry's names. */
export const PROPAGATOR_NAMES = ['tracecontext', 'baggage', 'b3', 'b3multi', 'jaeger'] as const;

export type PropagatorName = (typeof PROPAGATOR_NAMES)[number];

const DEFAULT_PROPAGATORS: readonly PropagatorName[] = ['tracecontext', 'baggage'];

/** In the order given, each once; `none` in the environment is an empty list. Throws `ConfigError` for an unknown name. */
export function resolvePropagators(
  names: readonly PropagatorName[] | undefined,
  env: Environment,
): readonly PropagatorName[] {
  if (names !== undefined) return [...new Set(names.map(check))];
  const chosen = env.choices('OTEL_PROPAGATORS', [...PROPAGATOR_NAMES, 'none']);
  if (chosen === undefined) return DEFAULT_PROPAGATORS;
  return chosen.filter((name) => name !== 'none');
}

function check(name: PropagatorName): PropagatorName {
  const known = checkChoice(name, 'propagators', PROPAGATOR_NAMES);
  if (known !== undefined) return known;
  throw new ConfigError('a propagator has a name', { key: 'propagators' });
}
