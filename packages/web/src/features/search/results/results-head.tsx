import type { TotalResponse } from '@clew/api';
import type { ReactNode } from 'react';
import { formatCount, formatCounted } from '../../../base/format.ts';
import { formatMoment } from '../../../base/format-time.ts';
import { messages } from '../../../messages/messages.ts';
import { chosenOrder, msFromNanos, namesOrder } from '../../../state/search-state.ts';
import type { ResolvedSearchState, SearchOrder } from '../../../state/search-state.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Select } from '../../../ui/select.tsx';
import { useTimeZone } from '../../../ui/time-zone.tsx';
import type { SearchActions } from '../use-search-actions.ts';
import type { SearchOutcome } from '../use-search.ts';
import { ColumnHeads } from './column-heads.tsx';
import { TickedBar } from './ticked-bar.tsx';
import type { TickedTraces } from './ticked-traces.ts';
import { ShowSwitch } from './show-switch.tsx';

const text = messages.search;

/** What is listed and how much of it, and the names of the columns. Stays in sight while the list scrolls under it. */
export function ResultsHead({
  state,
  outcome,
  actions,
  spanCount,
  openedCount,
  ticked,
}: {
  readonly state: ResolvedSearchState;
  readonly outcome: SearchOutcome;
  readonly actions: SearchActions;
  /** How many spans match in all, where the picture has told. */
  readonly spanCount: number | undefined;
  readonly openedCount: number;
  readonly ticked: TickedTraces;
}): ReactNode {
  const isOfSpans = state.show === 'spans';
  const order = namesOrder(state) ? 'query' : (chosenOrder(state) ?? 'newest');
  const onOrder = (chosen: SearchOrder | undefined) => actions.show({ ...state, order: chosen });
  return (
    <div className="results-head">
      <div className="results-summary">
        <ShowSwitch state={state} onShow={actions.show} openedCount={openedCount} />
        <h2 aria-live="polite">
          <Found outcome={outcome} spanCount={spanCount} />
        </h2>
        {isOfSpans ? undefined : <TickedBar ticked={ticked} />}
        {order === 'query' ? (
          <p className="results-order">{text.orderOfQuery}</p>
        ) : (
          <Field label={text.order} className="results-order">
            <Select
              value={order}
              options={isOfSpans ? SPAN_ORDERS : ORDERS}
              onChange={(chosen) => onOrder(chosen === 'newest' ? undefined : chosen)}
            />
          </Field>
        )}
        <Button look="quiet" onClick={actions.refresh} title={text.refreshTitle}>
          <Icon name="refresh" />
          <span className="results-refresh">{text.refresh}</span>
        </Button>
      </div>
      <ColumnHeads
        kind={outcome.answer?.kind ?? (isOfSpans ? 'spans' : 'traces')}
        order={order}
        onOrder={onOrder}
      />
    </div>
  );
}

const SPAN_ORDERS = (['newest', 'oldest', 'slowest', 'fastest'] as const).map(named);
const ORDERS = [...SPAN_ORDERS, ...(['mostSpans', 'mostErrors'] as const).map(named)];

function named<Order extends keyof typeof text.orders>(value: Order) {
  return { value, label: text.orders[value] };
}

function Found({
  outcome: { answer, total, isSearching },
  spanCount,
}: {
  readonly outcome: SearchOutcome;
  readonly spanCount: number | undefined;
}): ReactNode {
  const zone = useTimeZone();
  if (answer === undefined) return isSearching ? text.searching : '';
  const since = (newest: string | undefined, oldest: string | undefined) =>
    formatMoment(msFromNanos(oldest ?? '0'), msFromNanos(newest ?? '0'), zone);
  if (answer.kind === 'spans') {
    const { spans, hasMore, isNewestFirst } = answer;
    if (!hasMore) return formatCounted(spans.length, text.span, text.spansOfCount);
    const of = spanCount === undefined ? '' : text.ofTotal(formatCount(spanCount));
    const shown = `${formatCount(spans.length)}${of}`;
    if (!isNewestFirst) return text.firstSpans(shown);
    const oldest = since(spans[0]?.startUnixNano, spans.at(-1)?.startUnixNano);
    return text.newestSpans(shown, oldest);
  }
  const { traces, hasMore, isNewestFirst } = answer;
  if (!hasMore) return formatCounted(traces.length, text.trace, text.tracesOfCount);
  const shown = `${formatCount(traces.length)}${formatTotal(total)}`;
  if (!isNewestFirst) return text.firstTraces(shown);
  const oldest = since(traces[0]?.matchedStartUnixNano, traces.at(-1)?.matchedStartUnixNano);
  return text.newestTraces(shown, oldest);
}

/** An estimate is rounded to what is known of it. */
function formatTotal(total: TotalResponse | undefined): string {
  if (total === undefined) return '';
  const { traceCount, isExact } = total;
  if (isExact) return text.ofTotal(formatCount(traceCount));
  return text.ofAbout(formatCount(Number(traceCount.toPrecision(2))));
}
