import type { RefObject } from 'react';
import { messages } from '../../../messages/messages.ts';
import { DEFAULT_SORTING } from '../../../state/compare-url.ts';
import { groupOfRow, pairsOfGroup } from '../../../trace/compare/order-pairs.ts';
import type { CommandSection } from '../../../ui/command-table.ts';
import { useCommands } from '../../../ui/commands.tsx';
import type { TableProps } from './compared-work.tsx';
import type { Selection, WorkSource } from './side-of-work.ts';

const TEXTS = messages.compare.commands;

const BY_SHARE = { by: 'share', direction: -1 } as const;
const BY_DIFFERENCE = { by: 'difference', direction: -1 } as const;

export interface WorkCommandsProps extends TableProps {
  readonly findInput: RefObject<HTMLInputElement | null>;
  readonly onSwap: () => void;
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
      { name: messages.compare.views.paths, keys: ['1'], run: () => change({ view: 'paths' }) },
      { name: messages.compare.views.spans, keys: ['2'], run: () => change({ view: 'spans' }) },
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
      {
        name: TEXTS.close,
        keys: ['Escape'],
        run: () => selection.onSelect(undefined),
        isAvailable: isSelected,
      },
    ],
  };
}

/** To the next pair of the same path of calls, by the size of the difference. */
export function stepPair(source: WorkSource, { row, onSelect }: Selection, step: 1 | -1): void {
  if (row === undefined) return;
  const pairs = pairsOfGroup(source, groupOfRow(source.compared, row));
  const next = pairs[pairs.indexOf(row) + step];
  if (next !== undefined) onSelect(next);
}
