import { useEffect, useEffectEvent } from 'react';
import type { RefObject } from 'react';
import { setCollapsed } from '../../trace/collapse.ts';
import { moveByRows, moveIn, moveOut } from '../../trace/navigation.ts';
import type { TreeMove, TreePosition } from '../../trace/navigation.ts';
import type { TraceState } from '../../state/trace-state.ts';
import { TRACE_PAGES } from '../../state/view-options.ts';
import { isTyping } from '../../ui/is-typing.ts';
import { useKeyHelp } from '../../ui/keyboard-help.tsx';
import type { FindState } from './find/find-state.ts';
import { stepEvidence, toggleFindings } from './findings/look-at-finding.ts';
import { selectNextError } from './select-next-error.ts';
import { foldTree } from './timeline/fold-buttons.tsx';
import { togglePath } from './timeline/path-buttons.tsx';
import type { TimelineController } from './timeline/timeline-controller.ts';
import { TIMELINE_KEYS, TRACE_KEYS } from './trace-keys.ts';

export interface TraceKeysContext {
  readonly state: TraceState;
  readonly find: FindState;
  readonly controller: RefObject<TimelineController | undefined>;
  readonly findInput: RefObject<HTMLInputElement | null>;
}

type Command = (context: TraceKeysContext) => void;

const ZOOM_STEP = 1.6;
const PAN_SHARE = 0.15;

/** What keys do in every picture of the trace. */
const COMMANDS: Readonly<Record<string, Command>> = {
  Enter: ({ state }) => state.isDetailOpen.set(state.selection.get() !== undefined),
  Escape: ({ state }) => {
    const { insights } = state;
    if (state.isDetailOpen.get()) state.isDetailOpen.set(false);
    else if (insights.findings.get() !== undefined) insights.close(state.view.get());
    else state.clearSelection();
  },
  e: ({ state }) => selectNextError(state, 1),
  E: ({ state }) => selectNextError(state, -1),
  f: ({ findInput }) => findInput.current?.select(),
  n: ({ find, state }) => find.step(state, 1),
  N: ({ find, state }) => find.step(state, -1),
  i: ({ state }) => toggleFindings(state),
  x: ({ state }) => stepEvidence(state, 1),
  X: ({ state }) => stepEvidence(state, -1),
  ...Object.fromEntries(
    TRACE_PAGES.map((page, at): [string, Command] => [
      String(at + 1),
      ({ state }) => state.page.set(page),
    ]),
  ),
};

/** What they do in the timeline alone. */
const TIMELINE_COMMANDS: Readonly<Record<string, Command>> = {
  ArrowUp: moveRows(() => -1),
  ArrowDown: moveRows(() => 1),
  PageUp: moveRows(({ controller }) => -(controller.current?.pageRows ?? 20)),
  PageDown: moveRows(({ controller }) => controller.current?.pageRows ?? 20),
  Home: moveRows(() => Number.NEGATIVE_INFINITY),
  End: moveRows(() => Number.POSITIVE_INFINITY),
  ArrowLeft: ({ state }) => applyMove(state, moveOut(positionOf(state))),
  ArrowRight: ({ state }) => applyMove(state, moveIn(positionOf(state))),
  w: ({ controller }) => controller.current?.zoom(1 / ZOOM_STEP),
  s: ({ controller }) => controller.current?.zoom(ZOOM_STEP),
  a: ({ controller }) => controller.current?.pan(-PAN_SHARE),
  d: ({ controller }) => controller.current?.pan(PAN_SHARE),
  0: ({ controller }) => controller.current?.zoomToAll(),
  z: ({ controller }) => controller.current?.zoomToSelection(),
  '[': ({ state }) => foldTree(state, 'collapseOne'),
  ']': ({ state }) => foldTree(state, 'expandOne'),
  '{': ({ state }) => foldTree(state, 'collapseAll'),
  '}': ({ state }) => foldTree(state, 'expandAll'),
  c: ({ state }) => togglePath(state, 'hidden'),
  C: ({ state }) => togglePath(state, 'only'),
};

/** The keys of the trace page, wherever the focus is, except in fields. */
export function useTraceKeys(context: TraceKeysContext): void {
  useKeyHelp(TRACE_KEYS);
  useKeyHelp(TIMELINE_KEYS);
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const isTimeline = context.state.page.get() === 'timeline';
    const command = COMMANDS[event.key] ?? (isTimeline ? TIMELINE_COMMANDS[event.key] : undefined);
    if (command === undefined || isTyping(event.target) || isTaken(event)) return;
    event.preventDefault();
    command(context);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}

/** Enter belongs to the button that has the focus, and keys that scroll to the details when one is in them. */
function isTaken({ key, target }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (key === 'Enter') return target.closest('a, button, [role="tab"]') !== null;
  const scrolls = /^(Arrow|Page|Home|End)/.test(key);
  return scrolls && target.closest('.trace-side') !== null;
}

function positionOf(state: TraceState): TreePosition {
  return {
    tree: state.view.get().tree,
    ...state.folding.get(),
    spanIndex: state.selection.get(),
  };
}

function moveRows(rowsOf: (context: TraceKeysContext) => number): Command {
  return (context) => {
    const { state } = context;
    applyMove(state, moveByRows(positionOf(state), rowsOf(context)));
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
