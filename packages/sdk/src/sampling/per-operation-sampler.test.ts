import { expect, test } from 'vitest';
import { spanCandidate } from '../testing/span-candidate.ts';
import { PerOperationSampler } from './per-operation-sampler.ts';
import type { SamplingDecision } from './sampler.ts';

const HIGH = 'ffffffffffffff';
const LOW = '00000000000000';

let nowMs = 0;
const clock = { nowMs: (): number => nowMs };

function decide(sampler: PerOperationSampler, name: string, idEnd: string): SamplingDecision {
  return sampler.decide(spanCandidate({ name }, idEnd));
}

test('gives each operation its share, and others the default', () => {
  const sampler = new PerOperationSampler({
    defaultProbability: 0,
    lowerBoundPerSecond: 0,
    probabilityByOperation: new Map([['GET /', 0.5]]),
    ...clock,
  });
  const kept = decide(sampler, 'GET /', HIGH);
  expect(kept.isSampled).toBe(true);
  expect(kept.traceState?.serialize()).toBe('ot=th:8');
  expect(kept.attributes).toEqual({ 'sampler.type': 'probabilistic', 'sampler.param': 0.5 });
  expect(decide(sampler, 'GET /', LOW).isSampled).toBe(false);
  expect(decide(sampler, 'other', HIGH).isSampled).toBe(false);
});

test('keeps so many of each operation a second where its share would be less', () => {
  const sampler = new PerOperationSampler({
    defaultProbability: 0,
    lowerBoundPerSecond: 1,
    probabilityByOperation: new Map(),
    ...clock,
  });
  const kept = decide(sampler, 'a', LOW);
  expect(kept.isSampled).toBe(true);
  expect(kept.attributes).toEqual({ 'sampler.type': 'lowerbound', 'sampler.param': 1 });
  expect(kept.traceState).toBeUndefined();
  expect(decide(sampler, 'a', LOW).isSampled).toBe(false);
  expect(decide(sampler, 'b', LOW).isSampled).toBe(true);
  nowMs += 1000;
  expect(decide(sampler, 'a', LOW).isSampled).toBe(true);
});

test('what the share keeps counts towards the lower bound', () => {
  const sampler = new PerOperationSampler({
    defaultProbability: 0.5,
    lowerBoundPerSecond: 1,
    probabilityByOperation: new Map(),
    ...clock,
  });
  expect(decide(sampler, 'a', HIGH).attributes?.['sampler.type']).toBe('probabilistic');
  expect(decide(sampler, 'a', LOW).isSampled).toBe(false);
});

test('new strategies do not give the lower bound out a second time', () => {
  const options = { defaultProbability: 0, lowerBoundPerSecond: 1, ...clock };
  const first = new PerOperationSampler({ ...options, probabilityByOperation: new Map() });
  expect(decide(first, 'a', LOW).isSampled).toBe(true);
  const probabilityByOperation = new Map([['a', 0.5]]);
  const second = new PerOperationSampler({ ...options, probabilityByOperation, previous: first });
  expect(decide(second, 'a', LOW).isSampled).toBe(false);
  expect(decide(second, 'a', HIGH).isSampled).toBe(true);
});

test('names without end get the default share alone, and take no memory', () => {
  const sampler = new PerOperationSampler({
    defaultProbability: 0,
    lowerBoundPerSecond: 1,
    probabilityByOperation: new Map(),
    ...clock,
  });
  let count = 0;
  for (let i = 0; i < 10_000; i++) if (decide(sampler, `user-${i}`, LOW).isSampled) count++;
  expect(count).toBe(2000);
});
