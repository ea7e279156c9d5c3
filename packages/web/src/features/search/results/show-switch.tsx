import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import type { ResolvedSearchState, SearchShow } from '../../../state/search-state.ts';
import { Button } from '../../../ui/button.tsx';
import './show-switch.css';

const text = messages.search.show;

/** What the list has: traces, spans, spans as they arrive. */
export function ShowSwitch({
  state,
  onShow,
  openedCount = 0,
}: {
  readonly state: ResolvedSearchState;
  readonly onShow: (state: ResolvedSearchState) => void;
  /** Traces of opened files, which are a list of their own while there are some. */
  readonly openedCount?: number | undefined;
}): ReactNode {
  const ways: readonly (SearchShow | 'traces')[] =
    openedCount > 0 || state.show === 'files' ? [...SERVED, 'files'] : SERVED;
  const shown = state.show ?? 'traces';
  return (
    <div className="show-switch" role="group" aria-label={text.label}>
      {ways.map((way) => (
        <Button
          key={way}
          aria-pressed={way === shown}
          title={text.titles[way]}
          onClick={() => onShow({ ...state, show: way === 'traces' ? undefined : way })}
        >
          {text.names[way]}
        </Button>
      ))}
    </div>
  );
}

const SERVED = ['traces', 'spans', 'live'] as const;
