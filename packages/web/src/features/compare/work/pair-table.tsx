import { useDeferredValue, useMemo } from 'react';
import type { ReactNode } from 'react';
import { formatDuration } from '../../../base/format.ts';
import { serviceColorIndex } from '../../../base/service-color.ts';
import { comparePage } from '../../../messages/compare.ts';
import type { SideName } from '../../../state/compare-url.ts';
import { directionOf } from '../../../state/next-sorting.ts';
import { differenceOfRow, groupOfRow, showPairs } from '../../../trace/compare/order-pairs.ts';
import type { PairOrder } from '../../../trace/compare/order-pairs.ts';
import type { Sorting } from '../../../trace/order-spans.ts';
import type { TraceView } from '../../../trace/trace-view.ts';
import { Icon } from '../../../ui/icon.tsx';
import { VirtualTable } from '../../../ui/virtual-table.tsx';
import type { TableColumn } from '../../../ui/virtual-table.tsx';
import type { TableProps } from './compared-work.tsx';
import { formatDifference, formatMissing } from './difference.tsx';
import { RowName, nameOfGroup, parentNameOf } from './names.tsx';
import { NoRows } from './no-rows.tsx';
import type { WorkSource } from './side-of-work.ts';
import { sortRows } from './sort-rows.ts';

const texts = comparePage.pairs;

/** Every span beside its partner, drawn on one scale from the beginnings of the traces. */
export function PairTable({ source, selection, shown, change }: TableProps): ReactNode {
  const { pairSorting: sorting } = shown;
  const filter = useDeferredValue(shown.filter);
  const rows = useMemo(() => showPairs(source, filter, sorting), [source, filter, sorting]);
  const { row: selected } = selection;
  const row = useMemo(
    () => (selected === undefined ? -1 : rows.indexOf(selected)),
    [rows, selected],
  );
  return (
    <VirtualTable
      label={texts.label}
      className="compare-pairs"
      columns={columnsOf(sorting)}
      onSort={(id) => change({ pairSorting: sortRows(sorting, id as PairOrder) })}
      rowCount={rows.length}
      renderRow={(at) => renderPair(source, rows[at] ?? 0, sorting.by === 'tree')}
      selectedRow={row < 0 ? undefined : row}
      onSelect={(at) => selection.onSelect(rows[at] ?? 0)}
      empty={<NoRows change={change} />}
    />
  );
}

function columnsOf(sorting: Sorting<PairOrder>): readonly TableColumn[] {
  const { columns } = texts;
  const column = (id: PairOrder, hint: string): TableColumn => ({
    id,
    title: columns[id],
    hint,
    isNumber: id !== 'tree',
    direction: directionOf(sorting, id),
  });
  return [
    column('tree', columns.treeHint),
    { id: 'bars', title: columns.bars, hint: columns.barsHint },
    column('baseDuration', columns.durationHint),
    column('otherDuration', columns.durationHint),
    column('difference', columns.differenceHint),
  ];
}

function renderPair(
  source: WorkSource,
  row: number,
  isTree: boolean,
): Readonly<Record<string, ReactNode>> {
  const { compared, baseView, otherView } = source;
  const { spans } = compared;
  const baseIndex = spans.baseIndexes[row] ?? -1;
  const otherIndex = spans.otherIndexes[row] ?? -1;
  const group = groupOfRow(compared, row);
  const only: SideName | undefined = otherIndex < 0 ? 'a' : baseIndex < 0 ? 'b' : undefined;
  return {
    tree: (
      <RowName
        name={nameOfGroup(compared, group)}
        depth={isTree ? (spans.depths[row] ?? 0) : 0}
        inside={isTree ? undefined : parentNameOf(compared, group)}
        only={only}
      />
    ),
    bars: <Bars source={source} row={row} service={nameOfGroup(compared, group).service} />,
    baseDuration: <SpanDuration view={baseView} index={baseIndex} />,
    otherDuration: <SpanDuration view={otherView} index={otherIndex} />,
    difference:
      only === undefined
        ? formatDifference(differenceOfRow(source, row))
        : formatMissing(undefined),
  };
}

function SpanDuration({
  view,
  index,
}: {
  readonly view: TraceView;
  readonly index: number;
}): ReactNode {
  if (view.errors[index] !== 1) return formatMissing(view.durationsNs[index]);
  return (
    <span className="table-failed" title={comparePage.failedIn}>
      <Icon name="error" /> {formatMissing(view.durationsNs[index])}
    </span>
  );
}

/** The span of A above that of B. */
function Bars({
  source: { compared, baseView, otherView },
  row,
  service,
}: {
  readonly source: WorkSource;
  readonly row: number;
  readonly service: string;
}): ReactNode {
  const wholeNs = Math.max(compared.base.durationNs, compared.other.durationNs);
  const baseIndex = compared.spans.baseIndexes[row] ?? -1;
  const otherIndex = compared.spans.otherIndexes[row] ?? -1;
  // Durations are in the columns beside.
  const starts = [
    ...(baseIndex < 0 ? [] : [startOf(baseView, baseIndex, 'A')]),
    ...(otherIndex < 0 ? [] : [startOf(otherView, otherIndex, 'B')]),
  ];
  return (
    <svg
      className="compare-bars"
      data-service-color={serviceColorIndex(service)}
      role="img"
      aria-label={starts.join(', ')}
    >
      <Bar view={baseView} index={baseIndex} side="a" wholeNs={wholeNs} />
      <Bar view={otherView} index={otherIndex} side="b" wholeNs={wholeNs} />
    </svg>
  );
}

function startOf({ offsetsNs }: TraceView, index: number, side: string): string {
  return texts.starts(side, formatDuration(offsetsNs[index] ?? 0));
}

/** So that a short span is seen. */
const MIN_PERCENT = 0.4;

function Bar({
  view,
  index,
  side,
  wholeNs,
}: {
  readonly view: TraceView;
  readonly index: number;
  readonly side: SideName;
  readonly wholeNs: number;
}): ReactNode {
  if (index < 0) return undefined;
  const percent = (ns: number | undefined): number =>
    wholeNs === 0 ? 0 : (100 * (ns ?? 0)) / wholeNs;
  const width = Math.max(percent(view.durationsNs[index]), MIN_PERCENT);
  const left = Math.min(percent(view.offsetsNs[index]), 100 - MIN_PERCENT);
  return (
    <rect
      className="compare-bar-of"
      data-side={side}
      x={`${left.toFixed(3)}%`}
      y={side === 'a' ? 3.5 : 12.5}
      width={`${Math.min(width, 100 - left).toFixed(3)}%`}
      height="8"
      rx="2"
    />
  );
}
