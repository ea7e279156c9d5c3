import { useDeferredValue, useMemo } from 'react';
import type { ReactNode } from 'react';
import { formatCount } from '../../../base/format.ts';
import { comparePage } from '../../../messages/compare.ts';
import { directionOf } from '../../../state/next-sorting.ts';
import type { ComparedTraces } from '../../../trace/compare/compare-traces.ts';
import { countPathsBelow, isBelow } from '../../../trace/compare/fold-paths.ts';
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
import type { RowFold } from './names.tsx';
import { NoRows } from './no-rows.tsx';
import { sortRows } from './sort-rows.ts';
import type { PathFolding } from './use-path-folding.ts';

const texts = comparePage.paths;

export interface PathTableProps extends TableProps {
  readonly folding: PathFolding;
  readonly onSelectGroup: (group: number) => void;
}

/** Calls that were made at the same place, together: how many, how long, and what they account for. */
export function PathTable({
  source: { compared },
  selection,
  shown,
  change,
  folding,
  onSelectGroup,
}: PathTableProps): ReactNode {
  const { pathSorting: sorting } = shown;
  const { folded } = folding;
  const filter = useDeferredValue(shown.filter);
  const { groups, isTree } = useMemo(
    () => showPaths(compared, filter, sorting, folded),
    [compared, filter, sorting, folded],
  );
  const largestNs = useMemo(() => largestShare(compared), [compared]);
  const below = useMemo(() => countPathsBelow(compared), [compared]);
  const selected = selectedPath(compared, { selection, folding, isTree });
  const row = useMemo(() => groups.indexOf(selected), [groups, selected]);
  const foldOf = (group: number): RowFold | undefined =>
    isTree
      ? {
          count: below[group] ?? 0,
          isFolded: folded[group] === 1,
          onFold: (isFolded) => {
            folding.set(group, isFolded);
            if (isFolded && selected >= 0 && isBelow(compared, selected, group))
              onSelectGroup(group);
          },
        }
      : undefined;
  return (
    <VirtualTable
      label={texts.label}
      className="compare-paths"
      columns={columnsOf(sorting)}
      onSort={(id) => {
        const by = id as PathOrder;
        change({ pathSorting: sortRows(sorting, by, by === 'name' ? 1 : -1) });
      }}
      rowCount={groups.length}
      renderRow={(at) => {
        const group = groups[at] ?? 0;
        return renderPath(compared, group, { fold: foldOf(group), largestNs });
      }}
      rowState={(at) => (onlySideOf(compared, groups[at] ?? 0) === undefined ? undefined : 'only')}
      selectedRow={row < 0 ? undefined : row}
      onSelect={(at) => onSelectGroup(groups[at] ?? 0)}
      empty={<NoRows change={change} />}
    />
  );
}

/** The path that is marked: of one that is folded away, the one above it that has a row. -1 for none. */
function selectedPath(
  compared: ComparedTraces,
  {
    selection,
    folding,
    isTree,
  }: Pick<PathTableProps, 'selection' | 'folding'> & { readonly isTree: boolean },
): number {
  if (selection.row === undefined) return -1;
  const group = groupOfRow(compared, selection.row);
  return isTree ? folding.shown(group) : group;
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
  /** Given where rows are a tree. */
  readonly fold: RowFold | undefined;
  readonly largestNs: number;
}

function renderPath(
  compared: ComparedTraces,
  group: number,
  { fold, largestNs }: PathCells,
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
        depth={fold === undefined ? 0 : (groups.depths[group] ?? 0)}
        fold={fold}
        inside={fold === undefined ? parentNameOf(compared, group) : undefined}
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
