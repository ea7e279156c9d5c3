import { useId } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import { TRACE_PAGES } from '../../../state/view-options.ts';
import { Tabs } from '../../../ui/tabs.tsx';
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
  return (
    <div className="view-bar">
      <Tabs
        label={messages.trace.views.label}
        className="view-tabs"
        id={useId()}
        panelId={panelId}
        value={shown}
        onChange={(page) => state.page.set(page)}
        tabs={TRACE_PAGES.map((page, at) => ({
          value: page,
          title: messages.trace.views.titles[page](at + 1),
          children: messages.trace.views.names[page],
          onPointerEnter: () => preloadView(page),
        }))}
      />
      <div className="view-tools" ref={toolsRef} />
    </div>
  );
}
