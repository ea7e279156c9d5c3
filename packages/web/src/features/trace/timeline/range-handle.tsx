import type { KeyboardEvent, ReactNode } from 'react';
import { timeRangeBetween } from '../../../base/time-range.ts';
import type { TraceState } from '../../../state/trace-state.ts';

export interface RangeHandleProps {
  readonly edge: 'start' | 'end';
  readonly state: TraceState;
}

const STEP_SHARE = 0.01;
const LARGE_STEP_SHARE = 0.1;

/** An edge of the visible range, for the keyboard; its place and value are written by the minimap's drawing. */
export function RangeHandle({ edge, state }: RangeHandleProps): ReactNode {
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = { ArrowLeft: -1, ArrowRight: 1, PageDown: -1, PageUp: 1 }[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const { startNs, endNs } = state.range.get();
    const { bounds } = state;
    const isLarge = event.shiftKey || event.key.startsWith('Page');
    const share = isLarge ? LARGE_STEP_SHARE : STEP_SHARE;
    const deltaNs = direction * share * (bounds.endNs - bounds.startNs);
    const start = edge === 'start' ? Math.max(startNs + deltaNs, bounds.startNs) : startNs;
    const end = edge === 'end' ? Math.min(endNs + deltaNs, bounds.endNs) : endNs;
    if (start < end) state.setRange(timeRangeBetween(start, end, bounds));
  };
  return (
    <div
      className="timeline-handle"
      data-part={edge}
      role="slider"
      aria-label={edge === 'start' ? 'Start of the visible range' : 'End of the visible range'}
      aria-valuemin={0}
      aria-valuemax={Math.round(state.bounds.endNs)}
      aria-valuenow={0}
      tabIndex={0}
      onKeyDown={onKeyDown}
    />
  );
}
