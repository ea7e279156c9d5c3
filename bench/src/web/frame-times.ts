/** How long the main thread is busy for each frame, from the browser's own trace. */
import type { CDPSession } from '@playwright/test';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly pid: number;
  readonly tid: number;
}

const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline'];

/**
 * Records while `act` runs; answers with the milliseconds of each frame from its first animation callback to its commit, in order.
 * Frames without a callback of the page do not count: nothing was drawn in them.
 */
export async function recordFrames(
  session: CDPSession,
  act: () => Promise<void>,
): Promise<readonly number[]> {
  const events: TraceEvent[] = [];
  const collect = (chunk: { value: readonly object[] }): void => {
    events.push(...(chunk.value as TraceEvent[]));
  };
  session.on('Tracing.dataCollected', collect);
  const complete = new Promise<void>((resolve) => {
    session.once('Tracing.tracingComplete', () => resolve());
  });
  await session.send('Tracing.start', {
    traceConfig: { includedCategories: CATEGORIES },
    transferMode: 'ReportEvents',
  });
  await act();
  await session.send('Tracing.end');
  await complete;
  session.off('Tracing.dataCollected', collect);
  return measureFrames(events);
}

function measureFrames(events: readonly TraceEvent[]): readonly number[] {
  const frames: number[] = [];
  let startUs: number | undefined;
  const thread = busiestThread(events);
  const ordered = events
    .filter(({ pid, tid }) => `${pid}/${tid}` === thread)
    .toSorted((a, b) => a.ts - b.ts);
  for (const { name, ts, dur = 0 } of ordered) {
    if (name === 'FireAnimationFrame') startUs ??= ts;
    if (name !== 'Commit' || startUs === undefined) continue;
    frames.push((ts + dur - startUs) / 1000);
    startUs = undefined;
  }
  return frames;
}

/** Of the renderer that draws the page. */
function busiestThread(events: readonly TraceEvent[]): string {
  const counts = new Map<string, number>();
  for (const { name, pid, tid } of events) {
    if (name !== 'FireAnimationFrame') continue;
    const key = `${pid}/${tid}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}
