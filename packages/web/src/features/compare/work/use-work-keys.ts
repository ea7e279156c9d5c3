import { useEffect, useEffectEvent } from 'react';
import type { RefObject } from 'react';
import { messages } from '../../../messages/messages.ts';
import { DEFAULT_SORTING } from '../../../state/compare-url.ts';
import { groupOfRow, pairsOfGroup } from '../../../trace/compare/order-pairs.ts';
import { isTyping } from '../../../ui/is-typing.ts';
import { useKeyHelp } from '../../../ui/keyboard-help.tsx';
import type { KeySection } from '../../../ui/keyboard-help.tsx';
import type { TableProps } from './compared-work.tsx';
import type { Selection, WorkSource } from './side-of-work.ts';

const texts = messages.compare.keys;

const KEYS: KeySection = {
  title: texts.title,
  keys: [
    { keys: ['1', '2'], does: texts.views },
    { keys: ['↑', '↓'], does: texts.rows },
    { keys: ['d'], does: texts.bySize },
    { keys: ['[', ']'], does: texts.pairs },
    { keys: ['x'], does: texts.swap },
    { keys: ['f'], does: texts.find },
    { keys: ['Esc'], does: texts.close },
  ],
};

const BY_SHARE = { by: 'share', direction: -1 } as const;
const BY_DIFFERENCE = { by: 'difference', direction: -1 } as const;

export interface WorkKeysProps extends TableProps {
  readonly findInput: RefObject<HTMLInputElement | null>;
  readonly onSwap: () => void;
}

/** The keys of the comparison, wherever the focus is but in a field. */
export function useWorkKeys(props: WorkKeysProps): void {
  useKeyHelp(KEYS);
  const press = useEffectEvent((key: string): boolean => act(key, props));
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target)) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (press(event.key)) event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** Whether the key means something here. */
function act(key: string, { source, selection, shown, change, ...props }: WorkKeysProps): boolean {
  const actions: Readonly<Record<string, () => void>> = {
    1: () => change({ view: 'paths' }),
    2: () => change({ view: 'spans' }),
    d: () => {
      const isPaths = shown.view === 'paths';
      const isTree = (isPaths ? shown.pathSorting : shown.pairSorting).by === 'tree';
      if (isPaths) change({ pathSorting: isTree ? BY_SHARE : DEFAULT_SORTING });
      else change({ pairSorting: isTree ? BY_DIFFERENCE : DEFAULT_SORTING });
    },
    '[': () => stepPair(source, selection, -1),
    ']': () => stepPair(source, selection, 1),
    x: props.onSwap,
    f: () => props.findInput.current?.focus(),
  };
  if (key === 'Escape') {
    if (selection.row === undefined) return false;
    selection.onSelect(undefined);
    return true;
  }
  const action = actions[key];
  action?.();
  return action !== undefined;
}

/** To the next pair of the same path of calls, by the size of the difference. */
export function stepPair(source: WorkSource, { row, onSelect }: Selection, step: 1 | -1): void {
  if (row === undefined) return;
  const pairs = pairsOfGroup(source, groupOfRow(source.compared, row));
  const next = pairs[pairs.indexOf(row) + step];
  if (next !== undefined) onSelect(next);
}
