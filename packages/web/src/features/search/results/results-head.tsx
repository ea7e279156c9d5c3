import type { TotalResponse } from '@clew/api';
import type { ReactNode } from 'react';
import { formatCount } from '../../../base/format.ts';
import { formatMoment } from '../../../base/format-time.ts';
import { msFromNanos } from '../../../state/search-state.ts';
import type { SearchOrder } from '../../../state/search-state.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Select } from '../../../ui/select.tsx';
import { useTimeZone } from '../../../ui/time-zone.tsx';
import type { SearchOutcome } from '../use-search.ts';

/** How much was found, and the names of the columns. Stays in sight while the list scrolls under it. */
export function ResultsHead({
  order,
  outcome,
  onOrder,
  onRefresh,
}: {
  /** Or the one that the query names. */
  readonly order: SearchOrder | 'newest' | 'query';
  readonly outcome: SearchOutcome;
  readonly onOrder: (order: SearchOrder | undefined) => void;
  readonly onRefresh: () => void;
}): ReactNode {
  return (
    <div className="results-head">
      <div className="results-summary">
        <h2 aria-live="polite">
          <Found outcome={outcome} />
        </h2>
        {order === 'query' ? (
          <p className="results-order">In the order of the query</p>
        ) : (
          <Field label="Order" className="results-order">
            <Select
              value={order}
              options={ORDERS}
              onChange={(chosen) => onOrder(chosen === 'newest' ? undefined : chosen)}
            />
          </Field>
        )}
        <Button look="quiet" onClick={onRefresh} title="Search again, from now (r)">
          <Icon name="refresh" />
          Refresh
        </Button>
      </div>
      <div className="results-columns trace-columns" aria-hidden="true">
        <span className="results-column-when">Started</span>
        <span className="results-column-trace">Trace</span>
        <span className="results-column-services">Services and spans</span>
        <span className="results-column-spans">Spans</span>
        <span className="results-column-duration">Duration</span>
      </div>
    </div>
  );
}

const ORDERS = [
  { value: 'newest', label: 'Newest first' },
  { value: 'oldest', label: 'Oldest first' },
  { value: 'slowest', label: 'Slowest first' },
  { value: 'fastest', label: 'Fastest first' },
  { value: 'mostSpans', label: 'Most spans first' },
  { value: 'mostErrors', label: 'Most errors first' },
] as const;

function Found({ outcome: { answer, total, isSearching } }: { readonly outcome: SearchOutcome }) {
  const zone = useTimeZone();
  if (answer === undefined) return isSearching ? 'Searching …' : '';
  const { traces, hasMore, isNewestFirst } = answer;
  const oldest = traces.at(-1);
  if (!hasMore || oldest === undefined) {
    return `${traces.length} ${traces.length === 1 ? 'trace' : 'traces'}`;
  }
  const shown = `${traces.length}${formatTotal(total)} traces`;
  if (!isNewestFirst) return `The first ${shown}`;
  const newestMs = msFromNanos(traces[0]?.matchedStartUnixNano ?? '0');
  const since = formatMoment(msFromNanos(oldest.matchedStartUnixNano), newestMs, zone);
  return `The newest ${shown}, back to ${since}`;
}

/** An estimate is rounded to what is known of it. */
function formatTotal(total: TotalResponse | undefined): string {
  if (total === undefined) return '';
  const { traceCount, isExact } = total;
  if (isExact) return ` of ${formatCount(traceCount)}`;
  return ` of about ${formatCount(Number(traceCount.toPrecision(2)))}`;
}
