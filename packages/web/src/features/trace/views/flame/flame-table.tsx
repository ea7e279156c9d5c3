import { useMemo } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { isolatedText } from '../../../../base/visible-text.ts';
import { ShownText } from '../../../../ui/shown-text.tsx';
import { formatCount, formatDuration } from '../../../../base/format.ts';
import { serviceColorIndex } from '../../../../base/service-color.ts';
import { allIndexes, sortIndexes } from '../../../../base/sort-indexes.ts';
import { messages } from '../../../../messages/messages.ts';
import type { SelectedBy } from '../../../../state/trace-state.ts';
import { pathOfFrame } from '../../../../trace/flame/merge-call-paths.ts';
import type { CallPaths } from '../../../../trace/flame/merge-call-paths.ts';
import { ServiceName } from '../../../../ui/service-name.tsx';
import { ShareBar } from '../table/share-bar.tsx';
import type { ScrollMemory } from '../../../../ui/scroll-memory.ts';
import { VirtualTable } from '../../../../ui/virtual-table.tsx';
import type { TableColumn } from '../../../../ui/virtual-table.tsx';
import type { FlamePicture } from './flame-controller.ts';
import { nameOfFrame, serviceOfFrame } from './name-of-frame.ts';

const TEXTS = messages.trace.flame;

export interface FlameTableProps {
  readonly picture: FlamePicture;
  readonly memory: ScrollMemory;
  readonly onSelect: (frame: number, by: SelectedBy) => void;
  readonly onPicture: () => void;
}

const COLUMNS: readonly TableColumn[] = [
  { id: 'path', title: TEXTS.columns.path },
  { id: 'spans', title: TEXTS.columns.spans, isNumber: true },
  { id: 'errors', title: TEXTS.columns.errors, isNumber: true },
  { id: 'total', title: TEXTS.columns.total, hint: TEXTS.columns.totalHint, isNumber: true },
  { id: 'self', title: TEXTS.columns.self, hint: TEXTS.columns.selfHint, isNumber: true },
  { id: 'share', title: TEXTS.columns.share, hint: TEXTS.columns.shareHint },
];

/** The frames of the flame graph as rows, those with most self time first; of those zoomed to, the ones below. */
export function FlameTable({ picture, memory, onSelect, onPicture }: FlameTableProps): ReactNode {
  const { paths, zoomed, selected } = picture;
  const order = useMemo(() => {
    const all = allIndexes(paths.frameCount);
    const wanted = zoomed === undefined ? all : all.filter(belowOf(paths.parents, zoomed));
    return sortIndexes(wanted, paths.selfTimesNs, -1);
  }, [paths, zoomed]);
  const selfTimeNs = useMemo(() => paths.selfTimesNs.reduce((sum, ns) => sum + ns, 0), [paths]);
  const row = selected === undefined ? -1 : order.indexOf(selected);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 't') return;
    event.preventDefault();
    onPicture();
  };
  return (
    <div className="flame-frame" onKeyDown={onKeyDown}>
      <VirtualTable
        label={TEXTS.label}
        className="flame-table"
        memory={memory}
        columns={COLUMNS}
        rowCount={order.length}
        renderRow={(at) => renderFrame(paths, order[at] ?? 0, selfTimeNs)}
        selectedRow={row < 0 ? undefined : row}
        onSelect={(at, by) => onSelect(order[at] ?? 0, by)}
        empty={undefined}
      />
    </div>
  );
}

/** Whether a frame is one or below it: asked in the order of their numbers, parents first. */
function belowOf(parents: Int32Array, top: number): (frame: number) => boolean {
  const isBelow = new Uint8Array(parents.length);
  return (frame) => {
    const parent = parents[frame] ?? -1;
    const is = frame === top || (parent >= 0 && isBelow[parent] === 1);
    if (is) isBelow[frame] = 1;
    return is;
  };
}

/** Of a path, the last parts are what tells it from others. */
const SHOWN = 3;

function renderFrame(
  paths: CallPaths,
  frame: number,
  selfTimeNs: number,
): Readonly<Record<string, ReactNode>> {
  const service = serviceOfFrame(paths, frame);
  const selfNs = paths.selfTimesNs[frame] ?? 0;
  const errors = paths.errorCounts[frame] ?? 0;
  const above = pathOfFrame(paths, frame).slice(-SHOWN, -1);
  const callers = above.map((each) => `${isolatedText(nameOfFrame(paths, each))} › `).join('');
  const name = nameOfFrame(paths, frame);
  return {
    path: (
      <span title={`${callers}${isolatedText(name)}`}>
        <span className="table-muted">
          <ServiceName service={service} />
        </span>{' '}
        <span className="table-faint">{callers}</span>
        <ShownText text={name} />
      </span>
    ),
    spans: formatCount(paths.counts[frame] ?? 0),
    errors: (
      <span className={errors > 0 ? 'table-failed' : 'table-faint'}>{formatCount(errors)}</span>
    ),
    total: formatDuration(paths.elapsedNs[frame] ?? 0),
    self: formatDuration(selfNs),
    share: (
      <span data-service-color={serviceColorIndex(service)}>
        <ShareBar share={selfTimeNs === 0 ? 0 : selfNs / selfTimeNs} />
      </span>
    ),
  };
}
