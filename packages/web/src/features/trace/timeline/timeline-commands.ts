import { messages } from '../../../messages/messages.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import { setCollapsed } from '../../../trace/collapse.ts';
import { moveByRows, moveIn, moveOut } from '../../../trace/navigation.ts';
import type { TreeMove, TreePosition } from '../../../trace/navigation.ts';
import type { Command, CommandSection } from '../../../ui/command-table.ts';
import { foldTree } from './fold-buttons.tsx';
import { togglePath } from './path-buttons.tsx';
import type { TimelineController } from './timeline-controller.ts';

const TEXTS = messages.trace.commands.timeline;
const ZOOM_STEP = 1.6;
const PAN_SHARE = 0.15;
/** A page while the timeline is not there to be asked. */
const ROWS_OF_PAGE = 20;

/** What one can do in the timeline alone. `controller` answers what is on the page, if it is. */
export function timelineCommands(
  state: TraceState,
  controller: () => TimelineController | undefined,
): CommandSection {
  return {
    title: TEXTS.title,
    reach: 'view',
    commands: [
      { name: TEXTS.path, keys: ['c'], run: () => togglePath(state, 'hidden') },
      { name: TEXTS.onlyPath, keys: ['C'], run: () => togglePath(state, 'only') },
      { name: TEXTS.collapseOne, keys: ['['], run: () => foldTree(state, 'collapseOne') },
      { name: TEXTS.expandOne, keys: [']'], run: () => foldTree(state, 'expandOne') },
      { name: TEXTS.collapseAll, keys: ['{'], run: () => foldTree(state, 'collapseAll') },
      { name: TEXTS.expandAll, keys: ['}'], run: () => foldTree(state, 'expandAll') },
      ...zooms(state, controller),
      ...moves(state, controller),
    ],
  };
}

function moves(
  state: TraceState,
  controller: () => TimelineController | undefined,
): readonly Command[] {
  const byRows = (rows: number) => () => {
    const inView = controller()?.rowsInView ?? { first: 0, last: ROWS_OF_PAGE - 1 };
    applyMove(state, moveByRows(positionOf(state), rows, inView));
  };
  const byPages = (pages: number) => () => {
    byRows(pages * (controller()?.pageRows ?? ROWS_OF_PAGE))();
  };
  return [
    { name: TEXTS.above, keys: ['ArrowUp'], run: byRows(-1) },
    { name: TEXTS.below, keys: ['ArrowDown'], run: byRows(1) },
    { name: TEXTS.pageUp, keys: ['PageUp'], run: byPages(-1) },
    { name: TEXTS.pageDown, keys: ['PageDown'], run: byPages(1) },
    { name: TEXTS.first, keys: ['Home'], run: byRows(Number.NEGATIVE_INFINITY) },
    { name: TEXTS.last, keys: ['End'], run: byRows(Number.POSITIVE_INFINITY) },
    {
      name: TEXTS.moveIn,
      keys: ['ArrowRight'],
      run: () => applyMove(state, moveIn(positionOf(state))),
    },
    {
      name: TEXTS.moveOut,
      keys: ['ArrowLeft'],
      run: () => applyMove(state, moveOut(positionOf(state))),
    },
  ];
}

function zooms(
  state: TraceState,
  controller: () => TimelineController | undefined,
): readonly Command[] {
  return [
    { name: TEXTS.zoomIn, keys: ['w'], run: () => controller()?.zoom(1 / ZOOM_STEP) },
    { name: TEXTS.zoomOut, keys: ['s'], run: () => controller()?.zoom(ZOOM_STEP) },
    { name: TEXTS.earlier, keys: ['a'], run: () => controller()?.pan(-PAN_SHARE) },
    { name: TEXTS.later, keys: ['d'], run: () => controller()?.pan(PAN_SHARE) },
    { name: TEXTS.showAll, keys: ['0'], run: () => controller()?.zoomToAll() },
    {
      name: TEXTS.showSelected,
      keys: ['z'],
      run: () => controller()?.zoomToSelection(),
      isAvailable: () => state.selection.get() !== undefined,
    },
  ];
}

function positionOf(state: TraceState): TreePosition {
  return {
    tree: state.view.get().tree,
    ...state.folding.get(),
    spanIndex: state.selection.get(),
  };
}

function applyMove(state: TraceState, move: TreeMove): void {
  switch (move.type) {
    case 'select':
      state.select(move.spanIndex, 'step');
      return;
    case 'collapse':
    case 'expand':
      state.setCollapsed(
        setCollapsed(state.folding.get().collapsed, move.spanIndex, move.type === 'collapse'),
      );
      return;
    case 'none':
  }
}
