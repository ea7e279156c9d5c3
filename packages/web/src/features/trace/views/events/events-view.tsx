import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { visibleText } from '../../../../base/visible-text.ts';
import { ShownText } from '../../../../ui/shown-text.tsx';
import { formatOffset } from '../../../../base/format.ts';
import { messages } from '../../../../messages/messages.ts';
import type { SelectedBy } from '../../../../state/trace-state.ts';
import { orderEvents, spanOfEvent } from '../../../../trace/order-events.ts';
import { eventNameOf } from '../../../../trace/trace-view.ts';
import type { TraceView } from '../../../../trace/trace-view.ts';
import { Icon } from '../../../../ui/icon.tsx';
import { useReadable } from '../../use-readable.ts';
import { useScrollMemory } from '../../use-scroll-memory.ts';
import { Segments } from '../../../../ui/segments.tsx';
import { SpanService, SpanTitle } from '../table/span-cells.tsx';
import { VirtualTable } from '../../../../ui/virtual-table.tsx';
import type { TableColumn } from '../../../../ui/virtual-table.tsx';
import type { ViewProps } from '../view-props.ts';
import { ViewTools } from '../view-tools.tsx';
import './events-view.css';

const TEXTS = messages.trace.events;

/** The events of all spans in order of time; what an event carries is in the details of its span. */
export function EventsView({ state }: ViewProps): ReactNode {
  const view = useReadable(state.view);
  const selected = useReadable(state.selection);
  const filter = useReadable(state.options).eventFilter;
  const all = useMemo(() => orderEvents(view), [view]);
  const shown = useMemo(
    () => (filter === 'all' ? all : all.filter((event) => view.events.exceptions[event] === 1)),
    [all, filter, view],
  );
  const pointed = useReadable(state.places.event);
  const selectedRow = useMemo(
    () => rowOfEvent({ view, shown, spanIndex: selected, pointed }),
    [view, shown, selected, pointed],
  );
  const memory = useScrollMemory(state, 'events');
  const eventAt = (row: number) => shown[row] ?? 0;
  const select = (row: number, by: SelectedBy) => {
    state.places.event.set(eventAt(row));
    state.tab.set('events');
    state.select(spanOfEvent(view, eventAt(row)), by);
  };
  return (
    <>
      <ViewTools>
        <output>{TEXTS.count(shown.length)}</output>
        <Segments
          label={TEXTS.only}
          value={filter}
          options={[
            { value: 'all', label: TEXTS.all },
            { value: 'exceptions', label: TEXTS.exceptions },
          ]}
          onChange={(eventFilter) => state.setOptions({ eventFilter })}
        />
      </ViewTools>
      <VirtualTable
        label={TEXTS.label}
        className="events-table"
        memory={memory}
        columns={COLUMNS}
        rowCount={shown.length}
        renderRow={(row) => renderEvent(view, eventAt(row))}
        selectedRow={selectedRow}
        onSelect={select}
        onOpen={() => state.isDetailOpen.set(true)}
        empty={filter === 'all' ? TEXTS.none : TEXTS.noExceptions}
      />
    </>
  );
}

const COLUMNS: readonly TableColumn[] = [
  { id: 'time', title: TEXTS.time, hint: messages.trace.columns.startHint, isNumber: true },
  { id: 'event', title: TEXTS.event },
  { id: 'service', title: messages.trace.columns.service },
  { id: 'name', title: messages.trace.columns.name },
  { id: 'inSpan', title: TEXTS.inSpan, hint: TEXTS.inSpanHint, isNumber: true },
];

function renderEvent(view: TraceView, event: number): Readonly<Record<string, ReactNode>> {
  const spanIndex = spanOfEvent(view, event);
  const timeNs = view.events.offsetsNs[event] ?? 0;
  const name = eventNameOf(view, event);
  const isException = view.events.exceptions[event] === 1;
  return {
    time: formatOffset(timeNs),
    event: (
      <span className={isException ? 'table-failed' : undefined} title={visibleText(name)}>
        {isException ? <Icon name="error" /> : undefined} <ShownText text={name} />
      </span>
    ),
    service: <SpanService view={view} spanIndex={spanIndex} />,
    name: <SpanTitle view={view} spanIndex={spanIndex} />,
    inSpan: formatOffset(timeNs - (view.offsetsNs[spanIndex] ?? 0)),
  };
}

interface SelectedEvent {
  readonly view: TraceView;
  readonly shown: Uint32Array;
  readonly spanIndex: number | undefined;
  /** The event that was last chosen here. */
  readonly pointed: number | undefined;
}

/** The row of the event that was chosen, else of the first one of the selected span. */
function rowOfEvent({ view, shown, spanIndex, pointed }: SelectedEvent): number | undefined {
  if (spanIndex === undefined) return undefined;
  const { firsts } = view.events;
  const from = firsts[spanIndex] ?? 0;
  const end = firsts[spanIndex + 1] ?? 0;
  const isPointed = pointed !== undefined && pointed >= from && pointed < end;
  const row = isPointed
    ? shown.indexOf(pointed)
    : shown.findIndex((event) => event >= from && event < end);
  return row < 0 ? undefined : row;
}
