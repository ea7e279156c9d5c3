import * as fc from 'fast-check';
import { createTraceState } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { spanCandidate } from '../testing/span-candidate.ts';
import { RateLimitingSampler } from './rate-limiting-sampler.ts';

function countSampled(sampler: RateLimitingSampler, triedCount: number): number {
  let count = 0;
  for (let i = 0; i < triedCount; i++) if (sampler.decide(spanCandidate()).isSampled) count++;
  return count;
}

test('keeps as many a second as it may, and what was saved up at once', () => {
  let nowMs = 1000;
  const sampler = new RateLimitingSampler(10, { nowMs: () => nowMs });
  expect(countSampled(sampler, 100)).toBe(10);
  nowMs += 300;
  expect(countSampled(sampler, 100)).toBe(3);
  nowMs += 60_000;
  expect(countSampled(sampler, 100)).toBe(10);
});

test('a burst of its own and less than one a second work', () => {
  let nowMs = 0;
  const rare = new RateLimitingSampler(0.5, { nowMs: () => nowMs });
  const bursty = new RateLimitingSampler(1, { burst: 5, nowMs: () => nowMs });
  expect([countSampled(rare, 9), countSampled(bursty, 9)]).toEqual([1, 5]);
  nowMs += 1999;
  expect(countSampled(rare, 9)).toBe(0);
  nowMs += 2;
  expect(countSampled(rare, 9)).toBe(1);
});

test('zero keeps nothing', () => {
  expect(countSampled(new RateLimitingSampler(0), 10)).toBe(0);
});

test('never keeps more than rate and burst allow, also when the clock goes backwards', () => {
  const steps = fc.array(fc.integer({ min: -500, max: 500 }), { maxLength: 50 });
  fc.assert(
    fc.property(steps, (steps) => {
      let nowMs = 10_000;
      const sampler = new RateLimitingSampler(7, { nowMs: () => nowMs });
      let forwardMs = 0;
      let count = 0;
      for (const step of steps) {
        nowMs += step;
        forwardMs += Math.max(step, 0);
        count += countSampled(sampler, 3);
      }
      expect(count).toBeLessThanOrEqual(7 + (7 * forwardMs) / 1000 + 1e-6);
    }),
  );
});

test('says by what it decided, as Jaeger does, and not that a span stands for many', () => {
  const sampler = new RateLimitingSampler(2, { nowMs: () => 0 });
  const traceState = createTraceState('ot=th:c');
  const { attributes, traceState: state } = sampler.decide(spanCandidate({ traceState }));
  expect(attributes).toEqual({ 'sampler.type': 'ratelimiting', 'sampler.param': 2 });
  expect(state?.serialize()).toBe('');
  expect(sampler.decide(spanCandidate()).traceState).toBeUndefined();
});
