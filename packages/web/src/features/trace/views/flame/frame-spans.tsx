import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { isolatedText } from '../../../../base/visible-text.ts';
import { formatDuration, formatOffset } from '../../../../base/format.ts';
import { messages } from '../../../../messages/messages.ts';
import type { TraceState } from '../../../../state/trace-state.ts';
import { spansOfFrame } from '../../../../trace/flame/merge-call-paths.ts';
import type { CallPaths } from '../../../../trace/flame/merge-call-paths.ts';
import type { TraceView } from '../../../../trace/trace-view.ts';
import { useReadable } from '../../use-readable.ts';
import { SpanStatus, SpanTitle } from '../table/span-cells.tsx';
import { VirtualTable } from '../../../../ui/virtual-table.tsx';
import type { TableColumn } from '../../../../ui/virtual-table.tsx';
import { nameOfFrame } from './name-of-frame.ts';

export interface FrameSpansProps {
  readonly view: TraceView;
  readonly state: TraceState;
  readonly paths: CallPaths;
  readonly frame: number;
}

const { columns } = messages.trace;

const COLUMNS: readonly TableColumn[] = [
  { id: 'name', title: columns.name },
  { id: 'start', title: columns.start, hint: columns.startHint, isNumber: true },
  { id: 'duration', title: columns.duration, isNumber: true },
  { id: 'self', title: columns.self, hint: columns.selfHint, isNumber: true },
  { id: 'status', title: columns.status },
];

/** The spans of a frame that has several, longest first. */
export function FrameSpans({ view, state, paths, frame }: FrameSpansProps): ReactNode {
  const spans = useMemo(() => spansOfFrame(view, paths, frame), [view, paths, frame]);
  const selected = useReadable(state.selection);
  if (spans.length < 2) return undefined;
  const row = selected === undefined ? -1 : spans.indexOf(selected);
  const title = messages.trace.flame.spansOf(isolatedText(nameOfFrame(paths, frame)), spans.length);
  return (
    <section className="frame-spans" aria-label={title}>
      <h2>{title}</h2>
      <VirtualTable
        label={title}
        className="frame-spans-table"
        columns={COLUMNS}
        rowCount={spans.length}
        renderRow={(at) => renderSpan(view, spans[at] ?? 0)}
        selectedRow={row < 0 ? undefined : row}
        onSelect={(at, by) => state.select(spans[at] ?? 0, by)}
        onOpen={() => state.isDetailOpen.set(true)}
        keepsFocus
        empty={undefined}
      />
    </section>
  );
}

function renderSpan(view: TraceView, spanIndex: number): Readonly<Record<string, ReactNode>> {
  const cell = { view, spanIndex };
  return {
    name: <SpanTitle {...cell} />,
    start: formatOffset(view.offsetsNs[spanIndex] ?? 0),
    duration: formatDuration(view.durationsNs[spanIndex] ?? 0),
    self: formatDuration(view.coverage.selfTimesNs[spanIndex] ?? 0),
    status: <SpanStatus {...cell} />,
  };
}
