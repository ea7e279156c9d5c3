import { useDeferredValue, useMemo } from 'react';
import type { ReactNode } from 'react';
import { formatDuration, formatOffset } from '../../../../base/format.ts';
import { allIndexes } from '../../../../base/sort-indexes.ts';
import { messages } from '../../../../messages/messages.ts';
import { SPAN_FILTERS } from '../../../../state/view-options.ts';
import type { SpanFilter } from '../../../../state/view-options.ts';
import { orderSpans } from '../../../../trace/order-spans.ts';
import type { Sorting, SpanOrder } from '../../../../trace/order-spans.ts';
import type { TraceView } from '../../../../trace/trace-view.ts';
import { useReadable } from '../../use-readable.ts';
import { useScrollMemory } from '../../use-scroll-memory.ts';
import { Segments } from '../../../../ui/segments.tsx';
import { directionOf, nextSorting } from '../../../../state/next-sorting.ts';
import { rowOfSelected, rowsOfSpans } from '../table/rows-of-spans.ts';
import { SpanKind, SpanService, SpanStatus, SpanTitle } from '../table/span-cells.tsx';
import { VirtualTable } from '../../../../ui/virtual-table.tsx';
import type { TableColumn } from '../../../../ui/virtual-table.tsx';
import type { ViewProps } from '../view-props.ts';
import { ViewTools } from '../view-tools.tsx';
import './spans-view.css';

const TEXTS = messages.trace.spans;

/** All spans of the trace as a table, in any order. */
export function SpansView({ state, find }: ViewProps): ReactNode {
  const view = useReadable(state.view);
  const { spanSorting: sorting, spanFilter: filter } = useReadable(state.options);
  const selected = useReadable(state.selection);
  const matches = useReadable(find.matches);
  const shown = useShownSpans(view, { sorting, filter, matches });
  const rows = useMemo(() => rowsOfSpans(shown, view.spanCount), [shown, view]);
  const memory = useScrollMemory(state, 'spans');
  const spanAt = (row: number) => shown[row] ?? 0;
  return (
    <>
      <ViewTools>
        <output>{TEXTS.count(shown.length, view.spanCount)}</output>
        <Segments
          label={TEXTS.filter}
          value={filter}
          options={SPAN_FILTERS.map((value) => ({
            value,
            label: TEXTS[value],
            ...(value === 'found' ? { title: TEXTS.foundTitle } : {}),
          }))}
          onChange={(spanFilter) => state.setOptions({ spanFilter })}
        />
      </ViewTools>
      <VirtualTable
        label={TEXTS.label}
        className="spans-table"
        memory={memory}
        columns={columnsOf(sorting)}
        onSort={(id) => {
          const by = id as SpanOrder;
          const spanSorting = nextSorting(sorting, by, FIRST_DIRECTIONS[by]);
          state.setOptions({ spanSorting });
        }}
        rowCount={shown.length}
        renderRow={(row) => renderSpan(view, spanAt(row))}
        selectedRow={rowOfSelected(rows, selected)}
        onSelect={(row, by) => state.select(spanAt(row), by)}
        onOpen={() => state.isDetailOpen.set(true)}
        empty={filter === 'failed' ? TEXTS.noneFailed : TEXTS.noneFound}
      />
    </>
  );
}

const FIRST_DIRECTIONS: Readonly<Record<SpanOrder, 1 | -1>> = {
  start: 1,
  duration: -1,
  self: -1,
  service: 1,
  name: 1,
  status: -1,
};

function columnsOf(sorting: Sorting<SpanOrder>): readonly TableColumn[] {
  const { columns } = messages.trace;
  const sortable = (id: SpanOrder, title: string, hint?: string): TableColumn => ({
    id,
    title,
    hint,
    direction: directionOf(sorting, id),
  });
  return [
    sortable('name', columns.name),
    sortable('service', columns.service),
    { ...sortable('duration', columns.duration), isNumber: true },
    { ...sortable('self', columns.self, columns.selfHint), isNumber: true },
    { ...sortable('start', columns.start, columns.startHint), isNumber: true },
    sortable('status', columns.status),
    { id: 'kind', title: columns.kind },
  ];
}

function renderSpan(view: TraceView, spanIndex: number): Readonly<Record<string, ReactNode>> {
  const cell = { view, spanIndex };
  return {
    service: <SpanService {...cell} />,
    name: <SpanTitle {...cell} />,
    start: formatOffset(view.offsetsNs[spanIndex] ?? 0),
    duration: formatDuration(view.durationsNs[spanIndex] ?? 0),
    self: formatDuration(view.coverage.selfTimesNs[spanIndex] ?? 0),
    status: <SpanStatus {...cell} />,
    kind: <SpanKind {...cell} />,
  };
}

interface Wanted {
  readonly sorting: Sorting<SpanOrder>;
  readonly filter: SpanFilter;
  readonly matches: Uint8Array | undefined;
}

function useShownSpans(view: TraceView, { sorting, filter, matches }: Wanted): Uint32Array {
  const marks = useDeferredValue(filter === 'found' ? matches : undefined);
  const wanted = useMemo(() => {
    const all = allIndexes(view.spanCount);
    if (filter === 'all') return all;
    const isWanted = filter === 'failed' ? view.errors : marks;
    return all.filter((index) => isWanted?.[index] === 1);
  }, [view, filter, marks]);
  return useMemo(() => orderSpans(view, wanted, sorting), [view, wanted, sorting]);
}
