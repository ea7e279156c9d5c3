import { createTraceState, diag } from '@opentelemetry/api';
import { afterEach, expect, test } from 'vitest';
import { spanCandidate } from '../testing/span-candidate.ts';
import { OpenTelemetrySampler } from './open-telemetry-sampler.ts';

afterEach(() => diag.disable());

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

test('when it fails, parents decide, and that is said once', () => {
  const messages: string[] = [];
  const log = (message: string): void => void messages.push(message);
  diag.setLogger({ error: log, warn: log, info: log, debug: log, verbose: log });
  messages.length = 0;
  const sampler = new OpenTelemetrySampler({
    shouldSample: () => {
      throw new Error('broken');
    },
  });
  expect(sampler.decide(spanCandidate()).isSampled).toBe(true);
  expect(sampler.decide(spanCandidate({ parent: 'remote' })).isSampled).toBe(false);
  expect(messages).toEqual(['clew: the sampler fails, parents decide: Error: broken']);
});
