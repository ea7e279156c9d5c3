import * as fc from 'fast-check';
import { samplingWeight } from '@clew/model';
import { createTraceState } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { spanCandidate } from '../testing/span-candidate.ts';
import { RandomWords } from '../trace/random-words.ts';
import { TraceBits } from '../trace/trace-bits.ts';
import { RatioSampler } from './ratio-sampler.ts';

const words = new RandomWords();
const probabilities = fc.double({ min: 0, max: 1, noNaN: true });

describe('a ratio', () => {
  test.each([0.5, 0.1, 0.01])('of %d is kept within four deviations of chance', (ratio) => {
    const sampler = new RatioSampler(ratio);
    const total = 200_000;
    let sampled = 0;
    for (let i = 0; i < total; i++) {
      if (sampler.decide(spanCandidate({ trace: TraceBits.random(words) })).isSampled) sampled++;
    }
    const deviation = Math.sqrt(total * ratio * (1 - ratio));
    expect(Math.abs(sampled - total * ratio)).toBeLessThan(4 * deviation);
  });

  test('that is higher keeps every trace that a lower one keeps', () => {
    fc.assert(
      fc.property(probabilities, probabilities, (a, b) => {
        const [lower, higher] = [
          new RatioSampler(Math.min(a, b)),
          new RatioSampler(Math.max(a, b)),
        ];
        for (let i = 0; i < 20; i++) {
          const candidate = spanCandidate({ trace: TraceBits.random(words) });
          if (!lower.decide(candidate).isSampled) continue;
          expect(higher.decide(candidate).isSampled).toBe(true);
        }
      }),
    );
  });

  test('of 1 keeps all and of 0 keeps none', () => {
    for (const idEnd of ['00000000000000', 'ffffffffffffff']) {
      expect(new RatioSampler(1).decide(spanCandidate({}, idEnd)).isSampled).toBe(true);
      expect(new RatioSampler(0).decide(spanCandidate({}, idEnd)).isSampled).toBe(false);
    }
  });
});

describe('the decision', () => {
  test('tells the receiver how many spans this one stands for', () => {
    const { traceState } = new RatioSampler(0.25).decide(spanCandidate({}, 'ffffffffffffff'));
    expect(traceState?.serialize()).toBe('ot=th:c');
    expect(samplingWeight(traceState?.serialize() ?? '')).toBe(4);
  });

  test('is one and the same object for all spans of new traces and for their children', () => {
    const sampler = new RatioSampler(0.5);
    const first = sampler.decide(spanCandidate({}, 'ffffffffffffff'));
    const { traceState } = first;
    expect(sampler.decide(spanCandidate({}, '80000000000000'))).toBe(first);
    const child = spanCandidate(
      { parent: 'local', parentIsSampled: true, traceState },
      'ffffffffffffff',
    );
    expect(sampler.decide(child)).toBe(first);
    const dropped = sampler.decide(spanCandidate({}, '7fffffffffffff'));
    expect(sampler.decide(spanCandidate({}, '00000000000000'))).toBe(dropped);
  });

  test('goes by the number that the trace state gives, not by the id', () => {
    const sampler = new RatioSampler(0.5);
    const traceState = createTraceState('ot=rv:80000000000000;x:1,other=2');
    const decision = sampler.decide(spanCandidate({ traceState }, '00000000000000'));
    expect(decision.isSampled).toBe(true);
    expect(decision.traceState?.serialize()).toBe('ot=th:8;rv:80000000000000;x:1,other=2');
  });

  test.each(['rv:8', 'rv:8000000000000000', 'rv:8000000000000Z', 'rv'])(
    'goes by the id where the trace state has %j',
    (field) => {
      const traceState = createTraceState(`ot=${field}`);
      const sampler = new RatioSampler(0.5);
      expect(sampler.decide(spanCandidate({ traceState }, '00000000000000')).isSampled).toBe(false);
      expect(sampler.decide(spanCandidate({ traceState }, 'ffffffffffffff')).isSampled).toBe(true);
    },
  );

  test('replaces the threshold that the parent has passed, and takes it away where it drops', () => {
    const traceState = createTraceState('ot=th:c,other=2');
    const sampler = new RatioSampler(0.5);
    const kept = sampler.decide(spanCandidate({ traceState }, 'ffffffffffffff'));
    expect(kept.traceState?.serialize()).toBe('ot=th:8,other=2');
    const dropped = sampler.decide(spanCandidate({ traceState }, '00000000000000'));
    expect(dropped.isSampled).toBe(false);
    expect(dropped.traceState?.serialize()).toBe('other=2');
  });
});
