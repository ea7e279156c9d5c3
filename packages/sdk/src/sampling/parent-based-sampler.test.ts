import { createTraceState } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { spanCandidate } from '../testing/span-candidate.ts';
import { AlwaysOffSampler } from './always-off-sampler.ts';
import { AlwaysOnSampler } from './always-on-sampler.ts';
import { ParentBasedSampler } from './parent-based-sampler.ts';
import type { SpanSampler } from './sampler.ts';

const on = new AlwaysOnSampler();
const off = new AlwaysOffSampler();

test.each([
  ['none', false, false],
  ['local', true, true],
  ['local', false, false],
  ['remote', true, true],
  ['remote', false, false],
] as const)('below %s (sampled: %s) the answer is %s', (parent, parentIsSampled, isSampled) => {
  const sampler = new ParentBasedSampler({ root: off });
  expect(sampler.decide(spanCandidate({ parent, parentIsSampled })).isSampled).toBe(isSampled);
});

test('each kind of parent can have a sampler of its own', () => {
  const sampler = new ParentBasedSampler({
    root: off,
    remoteParentSampled: off,
    remoteParentNotSampled: on,
    localParentSampled: off,
    localParentNotSampled: on,
  });
  for (const parent of ['local', 'remote'] as const) {
    for (const parentIsSampled of [true, false]) {
      const decision = sampler.decide(spanCandidate({ parent, parentIsSampled }));
      expect(decision.isSampled).toBe(!parentIsSampled);
    }
  }
  expect(sampler.description).toContain('ParentBased{root=AlwaysOff,remoteParentSampled=AlwaysOff');
});

const REMOTE = { parent: 'remote', parentIsSampled: true } as const;

test("hands another process's threshold on", () => {
  const traceState = createTraceState('ot=th:c');
  const sampler = new ParentBasedSampler({ root: on });
  expect(
    sampler.decide(spanCandidate({ ...REMOTE, traceState }, 'ffffffffffffff')).traceState,
  ).toBeUndefined();
});

test.each([
  ['the id contradicts', 'ot=th:c,a=b', 'a=b'],
  ['the random number contradicts', 'ot=th:c;rv:10000000000000', 'ot=rv:10000000000000'],
  ['is malformed', 'ot=th:C', ''],
])('takes away a threshold that %s', (_, header, expected) => {
  const traceState = createTraceState(header);
  const decision = new ParentBasedSampler({ root: on }).decide(
    spanCandidate({ ...REMOTE, traceState }, '00000000000000'),
  );
  expect(decision.isSampled).toBe(true);
  expect(decision.traceState?.serialize()).toBe(expected);
});

test('a sampler that keeps everything says so where the parent stands for many', () => {
  const traceState = createTraceState('ot=th:c');
  const decision = on.decide(spanCandidate({ ...REMOTE, traceState }));
  expect(decision.traceState?.serialize()).toBe('ot=th:0');
  expect(
    on.decide(spanCandidate({ traceState: createTraceState('a=b') })).traceState,
  ).toBeUndefined();
});

test('closes whom it asks', () => {
  let closedCount = 0;
  const closing = (): SpanSampler => ({
    description: 'Closing',
    decide: () => ({ isSampled: true }),
    close: () => void closedCount++,
  });
  new ParentBasedSampler({ root: closing(), localParentSampled: closing() }).close();
  expect(closedCount).toBe(2);
});
