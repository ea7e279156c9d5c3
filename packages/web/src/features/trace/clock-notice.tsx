import type { ReactNode } from 'react';
import { messages } from '../../messages/messages.ts';
import type { TraceState } from '../../state/trace-state.ts';
import type { ClockCorrection } from '../../trace/correct-clocks.ts';
import type { TraceView } from '../../trace/trace-view.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useReadable } from './use-readable.ts';
import './arrival-notice.css';

const TEXTS = messages.trace.clock;

/** As many services are named; the others are counted. */
const MAX_NAMED = 3;

export interface ClockNoticeProps {
  readonly view: TraceView;
  readonly state: TraceState;
}

/** Says whose clock is off by how much and what was done about it, and draws the times as they were sent; nothing where clocks go together. */
export function ClockNotice({ view: { clock }, state }: ClockNoticeProps): ReactNode {
  const mode = useReadable(state.clock);
  if (clock === undefined) return undefined;
  return (
    <div className="arrival-notice" role="status" data-tone="warning">
      <Icon name="warning" />
      <span title={TEXTS.why}>{describeClocks(clock)}</span>
      <Button
        aria-pressed={mode === 'sent'}
        title={TEXTS.asSentTitle}
        onClick={() => state.clock.set(mode === 'sent' ? 'corrected' : 'sent')}
      >
        {TEXTS.asSent}
      </Button>
    </div>
  );
}

function describeClocks({ services, isApplied }: ClockCorrection): string {
  const named = services.slice(0, MAX_NAMED).map(TEXTS.skew);
  const moreCount = services.length - named.length;
  const parts = moreCount === 0 ? named : [...named, TEXTS.more(moreCount)];
  const [first] = services;
  const isOne = first !== undefined && services.length === 1;
  const corrected = isOne ? TEXTS.corrected(first) : TEXTS.allCorrected;
  return `${parts.join('; ')}: ${isApplied ? corrected : TEXTS.sent}`;
}
