import { parseDuration } from '@clew/api';
import { formatDurationShort } from '../../../base/format.ts';
import { formatTimeRange } from '../../../base/format-time.ts';
import type { TimeZone } from '../../../base/format-time.ts';
import { messages } from '../../../messages/messages.ts';
import { formatAttributeText } from '../../../state/attribute-text.ts';
import { msFromNanos } from '../../../state/search-state.ts';
import type { SearchState } from '../../../state/search-state.ts';
import { nameLookback } from '../name-lookback.ts';

const text = messages.search;

/** What a search asks, in a line. */
export function describeConditions(state: SearchState): string {
  if (state.q !== undefined) return state.q;
  const { service, spanName, status, minDuration, maxDuration } = state;
  const duration = (value: string) => formatDurationShort(parseDuration(value) ?? 0n);
  const parts = [
    service,
    spanName,
    formatAttributeText(state.attribute),
    status && text.form.means.status(text.form.statuses[status].toLowerCase()),
    minDuration && text.form.means.atLeast(duration(minDuration)),
    maxDuration && text.form.means.atMost(duration(maxDuration)),
  ].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? text.history.everything : parts.join(' · ');
}

/** When it looks, in which order, at what. */
export function describeRest(state: SearchState, zone: TimeZone): string {
  const { lookback, start, end, order, show } = state;
  const time =
    lookback !== undefined || start === undefined || end === undefined
      ? nameLookback(lookback ?? '1h')
      : formatTimeRange(msFromNanos(start), msFromNanos(end), zone);
  return [
    time,
    ...(order === undefined ? [] : [text.orders[order]]),
    ...(show === undefined ? [] : [text.show.names[show]]),
  ].join(' · ');
}
