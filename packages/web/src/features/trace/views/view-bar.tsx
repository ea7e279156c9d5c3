import { useId } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import { TRACE_PAGES } from '../../../state/view-options.ts';
import { useReadable } from '../use-readable.ts';
import { preloadView } from './lazy-views.ts';
import './view-bar.css';

export interface ViewBarProps {
  readonly state: TraceState;
  /** The id of what the tabs switch. */
  readonly panelId: string;
  /** Gets the element that the controls of the picture go into. */
  readonly toolsRef: (element: HTMLElement | null) => void;
}

/** The pictures of the trace as tabs, and beside them the controls of the one that is shown. */
export function ViewBar({ state, panelId, toolsRef }: ViewBarProps): ReactNode {
  const shown = useReadable(state.page);
  const id = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = TRACE_PAGES.at((TRACE_PAGES.indexOf(shown) + step) % TRACE_PAGES.length);
    if (next === undefined) return;
    state.page.set(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <div className="view-bar">
      <div
        className="view-tabs"
        role="tablist"
        aria-label={messages.trace.views.label}
        onKeyDown={onKeyDown}
      >
        {TRACE_PAGES.map((page, at) => (
          <button
            key={page}
            id={`${id}-${page}`}
            type="button"
            role="tab"
            aria-selected={page === shown}
            aria-controls={panelId}
            tabIndex={page === shown ? 0 : -1}
            title={messages.trace.views.titles[page](at + 1)}
            onPointerEnter={() => preloadView(page)}
            onClick={() => state.page.set(page)}
          >
            {messages.trace.views.names[page]}
          </button>
        ))}
      </div>
      <div className="view-tools" ref={toolsRef} />
    </div>
  );
}
