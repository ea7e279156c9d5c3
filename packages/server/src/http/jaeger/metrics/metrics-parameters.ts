/** What `/api/metrics/*` are asked; times are in milliseconds. */
import { SPAN_KINDS } from '@clew/model';
import type { SpanKind } from '@clew/model';
import { readGoFloat } from '../go-syntax.ts';
import { readBool, readMillis, refuse, unparsable } from '../search-parameters.ts';

export interface MetricsParameters {
  readonly services: readonly string[];
  readonly kinds: readonly SpanKind[];
  readonly isByOperation: boolean;
  /** Since 1970: the last point. */
  readonly endMs: number;
  readonly lookbackMs: number;
  /** Between points. */
  readonly stepMs: number;
  /** What each point looks back over. */
  readonly ratePerMs: number;
}

const DEFAULT_LOOKBACK_MS = 3_600_000;
const DEFAULT_STEP_MS = 5000;
const DEFAULT_RATE_MS = 600_000;
/** As many as Prometheus gives, which Jaeger asks. */
const MAX_POINTS = 11_000;
const MAX_TIME_MS = 10 * 365 * 86_400_000;
/** February 2106, the last that spans are counted at. */
const MAX_UNIX_MS = 4_294_900_000_000;

/** Throws `InvalidQueryError`. */
export function parseMetricsParameters(
  parameters: URLSearchParams,
  nowMs: number,
): MetricsParameters {
  const services = parameters.getAll('service');
  if (services.length === 0)
    throw unparsable('service')('please provide at least one service name');
  const asked = {
    services,
    isByOperation: readBool(parameters, 'groupByOperation'),
    kinds: parseKinds(parameters),
    endMs: readMillis(parameters, 'endTs') ?? nowMs,
    lookbackMs: readMillis(parameters, 'lookback') ?? DEFAULT_LOOKBACK_MS,
    stepMs: readMillis(parameters, 'step') ?? DEFAULT_STEP_MS,
    ratePerMs: readMillis(parameters, 'ratePer') ?? DEFAULT_RATE_MS,
  };
  checkTimes(asked);
  return asked;
}

/** Throws `InvalidQueryError`. */
export function parseQuantile(parameters: URLSearchParams): number {
  const quantile = readGoFloat(parameters.get('quantile') ?? '', unparsable('quantile'));
  if (quantile >= 0 && quantile <= 1) return quantile;
  throw refuse('quantile', 'invalid parameter: quantile must be from 0 to 1');
}

function checkTimes({ endMs, lookbackMs, stepMs, ratePerMs }: MetricsParameters): void {
  if (endMs < 0 || endMs > MAX_UNIX_MS)
    throw refuse('endTs', 'invalid parameter: endTs must be milliseconds since 1970');
  for (const [name, value, min] of [
    ['lookback', lookbackMs, 0],
    ['step', stepMs, 1],
    ['ratePer', ratePerMs, 1],
  ] as const) {
    if (value < min || value > MAX_TIME_MS)
      throw refuse(name, `invalid parameter: ${name} must be from ${min} to ${MAX_TIME_MS}`);
  }
  if (lookbackMs / stepMs >= MAX_POINTS)
    throw refuse(
      'step',
      `invalid parameter: lookback and step make more than ${MAX_POINTS} points`,
    );
}

function parseKinds(parameters: URLSearchParams): readonly SpanKind[] {
  const names = parameters.getAll('spanKind');
  if (names.length === 0) return ['server'];
  return names.map((name) => {
    const kind = SPAN_KINDS.find((each) => each === name);
    if (kind === undefined) throw unparsable('spanKind')(`unsupported span kind: '${name}'`);
    return kind;
  });
}
