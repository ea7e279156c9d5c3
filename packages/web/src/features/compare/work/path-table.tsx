import { useDeferredValue, useMemo } from 'react';
import type { ReactNode } from 'react';
import { formatCount } from '../../../base/format.ts';
import { messages } from '../../../messages/messages.ts';
import { directionOf, nextSorting } from '../../../state/next-sorting.ts';
import type { ComparedTraces } from '../../../trace/compare/compare-traces.ts';
import { groupOfRow } from '../../../trace/compare/order-pairs.ts';
import { showPaths } from '../../../trace/compare/order-paths.ts';
import type { PathOrder } from '../../../trace/compare/order-paths.ts';
import type { Sorting } from '../../../trace/order-spans.ts';
import { Icon } from '../../../ui/icon.tsx';
import { VirtualTable } from '../../../ui/virtual-table.tsx';
import type { TableColumn } from '../../../ui/virtual-table.tsx';
import type { TableProps } from './compared-work.tsx';
import { DifferenceBar, formatDifference, formatMissing } from './difference.tsx';
import { RowName, nameOfGroup, onlySideOf, parentNameOf } from './names.tsx';
import { NoRows } from './no-rows.tsx';

const texts = messages.compare.paths;

/** Calls that were made at the same place, together: how many, how long, and what they account for. */
export function PathTable({
  source: { compared },
  selection,
  shown,
  change,
  onSelectGroup,
}: TableProps & { readonly onSelectGroup: (group: number) => void }): ReactNode {
  const { pathSorting: sorting } = shown;
  const filter = useDeferredValue(shown.filter);
  const { groups, isTree } = useMemo(
    () => showPaths(compared, filter, sorting),
    [compared, filter, sorting],
  );
  const largestNs = useMemo(() => largestShare(compared), [compared]);
  const selected = selection.row === undefined ? -1 : groupOfRow(compared, selection.row);
  const row = useMemo(() => groups.indexOf(selected), [groups, selected]);
  return (
    <VirtualTable
      label={texts.label}
      className="compare-paths"
      columns={columnsOf(sorting)}
      onSort={(id) => {
        const by = id as PathOrder;
        change({
          pathSorting:
            by === 'tree' ? { by, direction: 1 } : nextSorting(sorting, by, by === 'name' ? 1 : -1),
        });
      }}
      rowCount={groups.length}
      renderRow={(at) => renderPath(compared, groups[at] ?? 0, { isTree, largestNs })}
      rowState={(at) => (onlySideOf(compared, groups[at] ?? 0) === undefined ? undefined : 'only')}
      selectedRow={row < 0 ? undefined : row}
      onSelect={(at) => onSelectGroup(groups[at] ?? 0)}
      empty={<NoRows change={change} />}
    />
  );
}

function largestShare({ groups }: ComparedTraces): number {
  let largestNs = 0;
  for (let group = 0; group < groups.count; group++)
    largestNs = Math.max(largestNs, Math.abs(shareOf(groups, group)));
  return largestNs;
}

function shareOf({ base, other }: ComparedTraces['groups'], group: number): number {
  return (other.sharesNs[group] ?? 0) - (base.sharesNs[group] ?? 0);
}

function columnsOf(sorting: Sorting<PathOrder>): readonly TableColumn[] {
  const { columns } = texts;
  const column = (id: Exclude<PathOrder, 'name'>, hint: string): TableColumn => ({
    id,
    title: columns[id],
    hint,
    isNumber: id !== 'tree' && id !== 'share',
    direction: directionOf(sorting, id),
  });
  return [
    column('tree', columns.treeHint),
    column('share', columns.shareHint),
    column('calls', columns.callsHint),
    column('errors', columns.errorsHint),
    column('baseTotal', columns.totalHint),
    column('otherTotal', columns.totalHint),
    column('difference', columns.differenceHint),
    column('baseSelf', columns.selfHint),
    column('otherSelf', columns.selfHint),
  ];
}

interface PathCells {
  readonly isTree: boolean;
  readonly largestNs: number;
}

function renderPath(
  compared: ComparedTraces,
  group: number,
  { isTree, largestNs }: PathCells,
): Readonly<Record<string, ReactNode>> {
  const { groups } = compared;
  const { base, other } = groups;
  const inA = (base.spanCounts[group] ?? 0) > 0;
  const inB = (other.spanCounts[group] ?? 0) > 0;
  const ofA = (values: Float64Array) => formatMissing(inA ? values[group] : undefined);
  const ofB = (values: Float64Array) => formatMissing(inB ? values[group] : undefined);
  return {
    tree: (
      <RowName
        name={nameOfGroup(compared, group)}
        depth={isTree ? (groups.depths[group] ?? 0) : 0}
        inside={isTree ? undefined : parentNameOf(compared, group)}
        only={onlySideOf(compared, group)}
      />
    ),
    share: <DifferenceBar differenceNs={shareOf(groups, group)} largestNs={largestNs} />,
    calls: <Counts a={base.spanCounts[group] ?? 0} b={other.spanCounts[group] ?? 0} />,
    errors: <Counts a={base.errorCounts[group] ?? 0} b={other.errorCounts[group] ?? 0} isFailed />,
    baseTotal: ofA(base.durationsNs),
    otherTotal: ofB(other.durationsNs),
    difference: formatDifference((other.durationsNs[group] ?? 0) - (base.durationsNs[group] ?? 0)),
    baseSelf: ofA(base.selfTimesNs),
    otherSelf: ofB(other.selfTimesNs),
  };
}

/** A number in A and in B: one where they are alike. */
function Counts({
  a,
  b,
  isFailed = false,
}: {
  readonly a: number;
  readonly b: number;
  readonly isFailed?: boolean;
}): ReactNode {
  const look = isFailed && a + b > 0 ? 'table-failed' : a === b ? 'table-faint' : undefined;
  return (
    <span className={look}>
      {isFailed && a + b > 0 ? <Icon name="error" /> : undefined}{' '}
      {a === b ? formatCount(a) : `${formatCount(a)} → ${formatCount(b)}`}
    </span>
  );
}
