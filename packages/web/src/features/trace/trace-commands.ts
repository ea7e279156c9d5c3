import type { RefObject } from 'react';
import { messages } from '../../messages/messages.ts';
import type { TraceState } from '../../state/trace-state.ts';
import { TRACE_PAGES } from '../../state/view-options.ts';
import type { CommandSection } from '../../ui/command-table.ts';
import { useCommands } from '../../ui/commands.tsx';
import type { FindState } from './find/find-state.ts';
import { stepEvidence, toggleFindings } from './findings/look-at-finding.ts';
import { selectNextError } from './select-next-error.ts';

export interface TraceCommandsContext {
  readonly state: TraceState;
  readonly find: FindState;
  readonly findInput: RefObject<HTMLInputElement | null>;
  readonly onRefresh: () => void;
}

const TEXTS = messages.trace.commands;

/** Registers what one can do with a trace, whatever picture of it is shown. */
export function useTraceCommands(context: TraceCommandsContext): void {
  useCommands(viewCommands(context.state));
  useCommands(traceCommands(context));
}

/** The pictures of the trace, by the numbers of their tabs. */
function viewCommands(state: TraceState): CommandSection {
  return {
    title: messages.trace.views.label,
    reach: 'page',
    isPlaces: true,
    commands: TRACE_PAGES.map((page, at) => ({
      name: messages.trace.views.names[page],
      keys: [String(at + 1)],
      run: () => state.page.set(page),
    })),
  };
}

/** What one can do in every picture of the trace. */
function traceCommands(context: TraceCommandsContext): CommandSection {
  const { state, find, findInput, onRefresh } = context;
  const { insights } = state;
  const hasErrors = () => state.view.get().errorCount > 0;
  const hasMatches = () => find.count.get() > 0;
  const hasEvidence = () => insights.evidence.get() !== undefined;
  const hasSelection = () => state.selection.get() !== undefined;
  return {
    title: TEXTS.title,
    reach: 'page',
    commands: [
      { name: TEXTS.find, keys: ['/', 'f'], run: () => findInput.current?.select() },
      step(TEXTS.nextFound, 'n', { run: () => find.step(state, 1), isAvailable: hasMatches }),
      step(TEXTS.previousFound, 'N', { run: () => find.step(state, -1), isAvailable: hasMatches }),
      step(TEXTS.nextError, 'e', { run: () => selectNextError(state, 1), isAvailable: hasErrors }),
      step(TEXTS.previousError, 'E', {
        run: () => selectNextError(state, -1),
        isAvailable: hasErrors,
      }),
      { name: TEXTS.findings, keys: ['i'], run: () => toggleFindings(state) },
      step(TEXTS.nextEvidence, 'x', {
        run: () => stepEvidence(state, 1),
        isAvailable: hasEvidence,
      }),
      step(TEXTS.previousEvidence, 'X', {
        run: () => stepEvidence(state, -1),
        isAvailable: hasEvidence,
      }),
      step(TEXTS.details, 'Enter', {
        run: () => state.isDetailOpen.set(true),
        isAvailable: hasSelection,
      }),
      { name: TEXTS.close, keys: ['Escape'], run: () => closeNearest(state) },
      { name: TEXTS.refresh, keys: ['r'], run: onRefresh },
    ],
  };
}

function step(
  name: string,
  key: string,
  rest: { readonly run: () => void; readonly isAvailable: () => boolean },
) {
  return { name, keys: [key], ...rest };
}

function closeNearest(state: TraceState): void {
  const { insights } = state;
  if (state.isDetailOpen.get()) state.isDetailOpen.set(false);
  else if (insights.findings.get() !== undefined) insights.close(state.view.get());
  else state.clearSelection();
}
