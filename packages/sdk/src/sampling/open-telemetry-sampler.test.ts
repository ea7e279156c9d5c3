import { createTraceState } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { spanCandidate } from '../testing/span-candidate.ts';
import { OpenTelemetrySampler } from './open-telemetry-sampler.ts';

test.each([
  [0, false],
  [1, false],
  [2, true],
])('takes the decision %d of another library’s sampler as %s', (decision, isSampled) => {
  const sampler = new OpenTelemetrySampler({ shouldSample: () => ({ decision }) });
  expect(sampler.decide(spanCandidate())).toEqual({ isSampled });
});

test('asks it as OpenTelemetry does, and takes attributes and trace state over', () => {
  const asked: unknown[][] = [];
  const traceState = createTraceState('a=b');
  const sampler = new OpenTelemetrySampler({
    shouldSample: (...args) => {
      asked.push(args.slice(1));
      return { decision: 2, attributes: { why: 'test' }, traceState };
    },
    toString: () => 'Mine',
  });
  const decision = sampler.decide(spanCandidate({ attributes: { key: 1 } }));
  expect(decision).toEqual({ isSampled: true, attributes: { why: 'test' }, traceState });
  expect(asked).toEqual([['1'.repeat(32), 'work', 0, { key: 1 }, []]]);
  expect(sampler.description).toBe('Mine');
});
