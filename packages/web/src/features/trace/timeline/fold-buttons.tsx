import { unreachable } from '@clew/model';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import {
  collapseFromDepth,
  collapseOneLevel,
  expandAll,
  expandOneLevel,
} from '../../../trace/collapse.ts';
import { FoldMenu } from './fold-menu.tsx';
import { selectRowOfSelected } from './select-row-of-selected.ts';
import type { CollapsedSpans } from '../../../trace/span-rows.ts';
import type { TraceState } from '../../../state/trace-state.ts';

const TEXTS = messages.trace.fold;

export type FoldAction = 'collapseAll' | 'collapseOne' | 'expandOne' | 'expandAll';

const BUTTONS: readonly {
  readonly action: FoldAction;
  readonly label: string;
  readonly path: string;
}[] = [
  { action: 'collapseAll', label: TEXTS.collapseAll, path: 'm4 7 4-4 4 4M4 12l4-4 4 4' },
  { action: 'collapseOne', label: TEXTS.collapseOne, path: 'm4 10 4-4 4 4' },
  { action: 'expandOne', label: TEXTS.expandOne, path: 'm4 6 4 4 4-4' },
  { action: 'expandAll', label: TEXTS.expandAll, path: 'm4 4 4 4 4-4M4 9l4 4 4-4' },
];

/** Folds the whole tree, by a level, all of it, or by a rule. */
export function FoldButtons({ state }: { readonly state: TraceState }): ReactNode {
  return (
    <div className="fold-buttons" role="group" aria-label={TEXTS.label}>
      {BUTTONS.map(({ action, label, path }) => (
        <button
          key={action}
          type="button"
          aria-label={label}
          title={label}
          onClick={() => foldTree(state, action)}
        >
          <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d={path} />
          </svg>
        </button>
      ))}
      <FoldMenu state={state} />
    </div>
  );
}

/** Folds, and takes the selection along to the row that now hides it. */
export function foldTree(state: TraceState, action: FoldAction): void {
  state.setCollapsed(applyFold(state, action));
  selectRowOfSelected(state);
}

function applyFold(state: TraceState, action: FoldAction): CollapsedSpans {
  const { tree } = state.view.get();
  const { rows, collapsed } = state.folding.get();
  switch (action) {
    case 'collapseAll':
      return collapseFromDepth(tree, 0);
    case 'collapseOne':
      return collapseOneLevel(tree, rows, collapsed);
    case 'expandOne':
      return expandOneLevel(tree, rows, collapsed);
    case 'expandAll':
      return expandAll(tree);
    default:
      return unreachable(action);
  }
}
