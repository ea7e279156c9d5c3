import { nearestNames } from '@clew/model';
import { lookbackToMs, msFromNanos } from '../../../state/search-state.ts';
import { nameLookback } from '../name-lookback.ts';
import { messages } from '../../../messages/messages.ts';
import type { Lookback, ResolvedSearchState, SearchState } from '../../../state/search-state.ts';

/** A search that asks less than another one. */
export interface WiderSearch {
  readonly label: string;
  readonly state: SearchState;
}

const text = messages.search.none;

const FURTHER: readonly Lookback[] = ['1h', '1d', '7d'];

/**
 * Ways to find more: first further back, then one condition less each. Where no such service is among the known ones, looking further
 * finds nothing: the services that may be meant, and any.
 */
export function widen(
  state: ResolvedSearchState,
  knownServices: readonly string[] | undefined,
): readonly WiderSearch[] {
  if (!isUnknown(state.service, knownServices)) {
    return [...lookFurtherBack(state), ...leaveOneOut(state)];
  }
  const anyService = { label: text.anyService, state: { ...state, service: undefined } };
  return [...nameAnother(state, knownServices ?? []), anyService];
}

/** Whether no service of the name has ever sent spans, as far as is known. */
export function isUnknown(
  service: string | undefined,
  knownServices: readonly string[] | undefined,
): service is string {
  return service !== undefined && knownServices?.includes(service) === false;
}

function nameAnother(
  state: ResolvedSearchState,
  knownServices: readonly string[],
): readonly WiderSearch[] {
  return nearestNames(state.service ?? '', knownServices).map((service) => ({
    label: text.serviceCalled(service),
    state: { ...state, service },
  }));
}

function lookFurtherBack(state: ResolvedSearchState): readonly WiderSearch[] {
  const lengthMs = msFromNanos(state.end) - msFromNanos(state.start);
  return FURTHER.filter((lookback) => lookbackToMs(lookback) > lengthMs * 1.01).map((lookback) => ({
    label: nameLookback(lookback),
    state: { ...state, lookback, start: undefined, end: undefined },
  }));
}

function leaveOneOut(state: ResolvedSearchState): readonly WiderSearch[] {
  const ways: WiderSearch[] = [];
  if (state.spanName !== undefined) {
    ways.push({ label: text.anySpanName, state: { ...state, spanName: undefined } });
  }
  for (const condition of state.attribute) {
    const attribute = state.attribute.filter((one) => one !== condition);
    ways.push({ label: text.without(condition), state: { ...state, attribute } });
  }
  if (state.status !== undefined) {
    ways.push({ label: text.anyStatus, state: { ...state, status: undefined } });
  }
  if (state.minDuration !== undefined || state.maxDuration !== undefined) {
    const anyDuration = { minDuration: undefined, maxDuration: undefined };
    ways.push({ label: text.anyDuration, state: { ...state, ...anyDuration } });
  }
  if (state.service !== undefined) {
    ways.push({ label: text.anyService, state: { ...state, service: undefined } });
  }
  return ways;
}
