import { describe, expect, test } from 'vitest';
import { TickedTraces, orderTicked } from './ticked-traces.ts';

const trace = (traceId: string, durationNano: string) => ({ traceId, durationNano });

describe('ticked traces', () => {
  test('are two at most: a third takes the place of the first', () => {
    const ticked = new TickedTraces();
    for (const id of ['a', 'b', 'c']) ticked.toggle(trace(id, '1'));
    expect(ticked.get().map(({ traceId }) => traceId)).toEqual(['b', 'c']);
    expect(ticked.isTicked('a')).toBe(false);
    ticked.toggle(trace('c', '1'));
    expect(ticked.get().map(({ traceId }) => traceId)).toEqual(['b']);
  });

  test('the faster one is what the other one is compared with, whichever was ticked first', () => {
    const slow = trace('slow', '10000');
    const fast = trace('fast', '900');
    expect(orderTicked([slow, fast])).toEqual({ a: 'fast', b: 'slow' });
    expect(orderTicked([fast, slow])).toEqual({ a: 'fast', b: 'slow' });
    expect(orderTicked([slow])).toBeUndefined();
  });
});
