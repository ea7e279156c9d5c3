/**
 * OpenTelemetry's entry `ot` of the trace state: `ot=th:e666;rv:9b8233f7e3a151`. `th` is the threshold that the span has passed,
 * from which the receiver knows how many spans it stands for; `rv` is the trace's random number where it is not in its id.
 */
import type { TraceState } from '@opentelemetry/api';
import { CachedTraceState } from '../trace/cached-trace-state.ts';
import type { SamplingDecision } from './sampler.ts';
import { Threshold } from './threshold.ts';

/** `undefined` when there is none, or one that is malformed. */
export function readThreshold(state: TraceState): Threshold | undefined {
  const digits = readField(state, 'th:');
  return digits === undefined ? undefined : Threshold.parse(digits);
}

/** Fourteen hexadecimal digits; `undefined` when there are none, or malformed ones. */
export function readRandomValue(state: TraceState): string | undefined {
  const digits = readField(state, 'rv:');
  return digits !== undefined && /^[0-9a-f]{14}$/.test(digits) ? digits : undefined;
}

/** The trace state with this threshold in place of its own, and everything else as it was. */
export function withThreshold(
  state: TraceState | undefined,
  threshold: Threshold | undefined,
): TraceState {
  const from = state ?? CachedTraceState.empty;
  const others = fieldsOf(from).filter((field) => !field.startsWith('th:'));
  const fields = threshold === undefined ? others : [`th:${threshold.digits}`, ...others];
  return fields.length === 0 ? from.unset(KEY) : from.set(KEY, fields.join(';'));
}

/**
 * The decision for a span whose parent has passed a threshold that says nothing of the span itself: without it, so that nobody
 * counts the span as many.
 */
export function eraseThreshold(
  decision: SamplingDecision,
  state: TraceState | undefined,
): SamplingDecision {
  if (state === undefined || readField(state, 'th:') === undefined) return decision;
  return { ...decision, traceState: withThreshold(state, undefined) };
}

const KEY = 'ot';

function readField(state: TraceState, prefix: string): string | undefined {
  return fieldsOf(state)
    .find((field) => field.startsWith(prefix))
    ?.slice(prefix.length);
}

function fieldsOf(state: TraceState): readonly string[] {
  return state.get(KEY)?.split(';').filter(Boolean) ?? [];
}
