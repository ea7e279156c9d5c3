import type { FrameScheduler } from '../../../base/frame-scheduler.ts';
import type { CanvasTheme } from '../../../canvas/canvas-theme.ts';
import type { TextMeasurer } from '../../../canvas/text-measurer.ts';
import type { Readable, Store } from '../../../state/store.ts';
import type { PathStretches } from '../../../trace/trace-insight.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import type { RangeAnimator } from './range-animator.ts';
import type { TimelineElements } from './timeline-elements.ts';
import type { TimelineLayout } from './timeline-layout.ts';

/** What the parts of the timeline share. */
export interface TimelineContext {
  readonly elements: TimelineElements;
  readonly state: TraceState;
  readonly layout: TimelineLayout;
  readonly scheduler: FrameScheduler;
  readonly animator: RangeAnimator;
  readonly theme: Store<CanvasTheme>;
  readonly text: TextMeasurer;
  /** 1 for the spans that the find box has found. */
  readonly matches: Readable<Uint8Array | undefined>;
}

/** Runs a draw in the next frame after any of the stores has changed; answers how to stop. */
export function drawOnChange(
  scheduler: FrameScheduler,
  stores: readonly Readable<unknown>[],
  draw: () => void,
): Disposable {
  const task = scheduler.addTask('draw', draw);
  const stops = stores.map((store) => store.subscribe(() => task.request()));
  task.request();
  return {
    [Symbol.dispose]: () => {
      for (const stop of stops) stop();
      task[Symbol.dispose]();
    },
  };
}

/** The critical path, where it is known and not hidden. */
export function shownPath({ insights }: TraceState): PathStretches | undefined {
  return insights.path.get() === 'hidden' ? undefined : insights.insight.get()?.path;
}
