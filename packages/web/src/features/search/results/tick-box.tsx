import { useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import type { TickedTrace, TickedTraces } from './ticked-traces.ts';

/** Ticks a trace to compare it with another one. */
export function TickBox({
  trace,
  name,
  ticked,
  isCurrent,
}: {
  readonly trace: TickedTrace;
  readonly name: string;
  readonly ticked: TickedTraces;
  /** Whether Tab reaches it. */
  readonly isCurrent: boolean;
}): ReactNode {
  const isTicked = useSyncExternalStore(ticked.subscribe, () => ticked.isTicked(trace.traceId));
  return (
    <label className="tick-box" title={messages.compare.ticks.title}>
      <input
        type="checkbox"
        checked={isTicked}
        tabIndex={isCurrent ? 0 : -1}
        aria-label={messages.compare.ticks.one(name)}
        onChange={() => ticked.toggle(trace)}
      />
    </label>
  );
}
