import { describe, expect, test } from 'vitest';
import { RecentTraces } from './recent-traces.ts';

function memory(): {
  getItem: (key: string) => string | null;
  setItem: (k: string, v: string) => void;
} {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
  };
}

const idOf = (number: number) => number.toString(16).padStart(32, '0');
const trace = (number: number, name = 'GET /') => ({
  traceId: idOf(number),
  name,
  service: 'shop',
  startMs: 1,
  durationNs: 2,
  spanCount: 3,
  errorCount: 0,
});

describe('RecentTraces', () => {
  test('keeps the newest first, each once, and no more than a list shows', () => {
    const traces = new RecentTraces(memory());
    for (let number = 1; number <= 25; number++) traces.remember(trace(number));
    traces.remember(trace(20, 'now named'));
    expect(traces.get()).toHaveLength(20);
    expect(traces.get()[0]).toEqual(trace(20, 'now named'));
    expect(traces.get()[1]?.traceId).toBe(idOf(25));
  });

  test('is shared by the tabs of a browser and outlives the page', () => {
    const storage = memory();
    const [one, other] = [new RecentTraces(storage), new RecentTraces(storage)];
    one.remember(trace(1));
    other.remember(trace(2));
    expect(new RecentTraces(storage).get().map(({ traceId }) => traceId)).toEqual([
      idOf(2),
      idOf(1),
    ]);
  });

  test('leaves out what is damaged, and shortens names of kilobytes', () => {
    const storage = memory();
    storage.setItem('clew.traces', '{"a":1}');
    expect(new RecentTraces(storage).get()).toEqual([]);
    storage.setItem('clew.traces', JSON.stringify([{ traceId: '<b>' }, trace(1)]));
    const traces = new RecentTraces(storage);
    expect(traces.get()).toEqual([trace(1)]);
    traces.remember(trace(3, 'x'.repeat(10_000)));
    expect(traces.get()[0]?.name).toHaveLength(200);
  });
});
