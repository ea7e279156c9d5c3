import type { RefObject } from 'react';
import { comparePage } from '../../../messages/compare.ts';
import { DEFAULT_SORTING } from '../../../state/compare-url.ts';
import { groupOfRow, pairsOfGroup } from '../../../trace/compare/order-pairs.ts';
import { showPaths } from '../../../trace/compare/order-paths.ts';
import type { Command, CommandSection } from '../../../ui/command-table.ts';
import { useCommands } from '../../../ui/commands.tsx';
import type { TableProps } from './compared-work.tsx';
import type { Selection, WorkSource } from './side-of-work.ts';
import type { PathFolding } from './use-path-folding.ts';

const TEXTS = comparePage.commands;

const BY_SHARE = { by: 'share', direction: -1 } as const;
const BY_DIFFERENCE = { by: 'difference', direction: -1 } as const;

export interface WorkCommandsProps extends TableProps {
  readonly findInput: RefObject<HTMLInputElement | null>;
  readonly onSwap: () => void;
  readonly folding: PathFolding;
  readonly onSelectGroup: (group: number) => void;
}

/** What one can do with two traces that are compared. */
export function useWorkCommands(props: WorkCommandsProps): void {
  useCommands(workCommands(props));
}

function workCommands(props: WorkCommandsProps): CommandSection {
  const { source, selection, shown, change, findInput, onSwap } = props;
  const isSelected = () => selection.row !== undefined;
  const orderBySize = () => {
    const isPaths = shown.view === 'paths';
    const isTree = (isPaths ? shown.pathSorting : shown.pairSorting).by === 'tree';
    if (isPaths) change({ pathSorting: isTree ? BY_SHARE : DEFAULT_SORTING });
    else change({ pairSorting: isTree ? BY_DIFFERENCE : DEFAULT_SORTING });
  };
  return {
    title: TEXTS.title,
    reach: 'page',
    commands: [
      { name: comparePage.views.paths, keys: ['1'], run: () => change({ view: 'paths' }) },
      { name: comparePage.views.spans, keys: ['2'], run: () => change({ view: 'spans' }) },
      { name: TEXTS.bySize, keys: ['d'], run: orderBySize },
      { name: TEXTS.swap, keys: ['x'], run: onSwap },
      { name: TEXTS.find, keys: ['f'], run: () => findInput.current?.focus() },
      {
        name: TEXTS.previousPair,
        keys: ['['],
        run: () => stepPair(source, selection, -1),
        isAvailable: isSelected,
      },
      {
        name: TEXTS.nextPair,
        keys: [']'],
        run: () => stepPair(source, selection, 1),
        isAvailable: isSelected,
      },
      // The table has these, where it has the focus.
      { name: TEXTS.rows, keys: ['ArrowUp', 'ArrowDown'] },
      ...foldCommands(props),
      {
        name: TEXTS.close,
        keys: ['Escape'],
        run: () => selection.onSelect(undefined),
        isAvailable: isSelected,
      },
    ],
  };
}

/** What the arrow keys of a tree do, and folding all of it. */
function foldCommands(props: WorkCommandsProps): readonly Command[] {
  const { shown, selection, folding } = props;
  const isTree = () => shown.view === 'paths' && shown.pathSorting.by === 'tree';
  const isInTree = () => isTree() && selection.row !== undefined;
  return [
    {
      name: TEXTS.moveIn,
      keys: ['ArrowRight'],
      run: () => moveIn(props),
      isAvailable: isInTree,
    },
    {
      name: TEXTS.moveOut,
      keys: ['ArrowLeft'],
      run: () => moveOut(props),
      isAvailable: isInTree,
    },
    {
      name: TEXTS.foldAll,
      keys: ['{'],
      run: () => folding.setAll(true),
      isAvailable: isTree,
    },
    {
      name: TEXTS.unfoldAll,
      keys: ['}'],
      run: () => folding.setAll(false),
      isAvailable: isTree,
    },
  ];
}

/** Opens what is folded, else goes to the first path below. */
function moveIn(props: WorkCommandsProps): void {
  const { folding, onSelectGroup } = props;
  const { group, below } = findPlace(props);
  if (group === undefined) return;
  if (folding.folded[group] === 1) folding.set(group, false);
  else if (below !== undefined) onSelectGroup(below);
}

/** Folds what is open, else goes to the path above. */
function moveOut(props: WorkCommandsProps): void {
  const { folding, onSelectGroup } = props;
  const { group, below, above } = findPlace(props);
  if (group === undefined) return;
  if (below !== undefined) folding.set(group, true);
  else if (above !== undefined) onSelectGroup(above);
}

interface Place {
  /** The path that is marked. */
  readonly group: number | undefined;
  /** The first one below it that has a row. */
  readonly below: number | undefined;
  readonly above: number | undefined;
}

function findPlace({ source, selection, shown, folding }: WorkCommandsProps): Place {
  const { compared } = source;
  const { groups } = showPaths(compared, shown.filter, shown.pathSorting, folding.folded);
  const at =
    selection.row === undefined
      ? -1
      : groups.indexOf(folding.shown(groupOfRow(compared, selection.row)));
  const [group, next] = at < 0 ? [] : [groups[at], groups[at + 1]];
  const { parents } = compared.groups;
  const parent = group === undefined ? undefined : parents[group];
  return {
    group,
    below: next !== undefined && parents[next] === group ? next : undefined,
    above: parent === undefined || parent < 0 ? undefined : parent,
  };
}

/** To the next pair of the same path of calls, by the size of the difference. */
export function stepPair(source: WorkSource, { row, onSelect }: Selection, step: 1 | -1): void {
  if (row === undefined) return;
  const pairs = pairsOfGroup(source, groupOfRow(source.compared, row));
  const next = pairs[pairs.indexOf(row) + step];
  if (next !== undefined) onSelect(next);
}
