import { describe, expect, test } from 'vitest';
import {
  createChain,
  createFan,
  createLargeTrace,
  createServiceTrace,
} from '../testing/large-trace.ts';
import { analyzeTrace } from './analyze-trace.ts';
import { FAILED } from './span-relations.ts';

describe('a large trace', () => {
  test('that is a chain 50,000 deep has each of its spans on the path', () => {
    const depth = 50_000;
    const { criticalPath, dragsNs, pathTimesNs, rootDurationNs } = analyzeTrace(createChain(depth));
    // All but the innermost work 1 µs before what they call and 1 µs after it.
    expect(criticalPath.segmentCount).toBe(2 * depth - 1);
    expect(pathTimesNs.reduce((sum, ns) => sum + ns, 0)).toBe(rootDurationNs);
    expect(rootDurationNs).toBe(1000 * (2 * depth + 1));
    // Without the span in the middle its root has what is around it.
    expect(dragsNs[depth / 2]).toBe(1000 * (depth + 1));
  });

  test('that is a parent of 100,000 children goes through those that wait for each other', () => {
    const count = 100_000;
    const { criticalPath, dragsNs, slacksNs, rootDurationNs } = analyzeTrace(createFan(count));
    expect(criticalPath.segmentCount).toBeGreaterThan(count / 5);
    const { fromsNs, tosNs } = criticalPath;
    const lengthNs = tosNs.reduce((sum, toNs, at) => sum + toNs - (fromsNs[at] ?? 0), 0);
    expect(lengthNs).toBe(rootDurationNs);
    expect(slacksNs.every((ns) => ns < Infinity)).toBe(true);
    // Nobody's end is further from the next one's than a child lasts.
    expect(dragsNs.subarray(1).every((ns) => ns < 40_000)).toBe(true);
  });

  test('of 100,000 spans of services has its few findings', () => {
    const { findings, pathTimesNs, rootDurationNs } = analyzeTrace(createServiceTrace(100_000));
    const errors = Array.from({ length: 5 }, () => 'error-origin');
    expect(findings.map(({ kind }) => kind)).toEqual([...errors, 'other-errors', 'repeated-calls']);
    expect(pathTimesNs.reduce((sum, ns) => sum + ns, 0)).toBe(rootDurationNs);
  });

  test('in which each of 50,000 spans failed for the one below began to fail at the innermost', () => {
    const chain = createChain(50_000);
    const failed = { ...chain, statuses: chain.statuses.map(() => FAILED) };
    const [finding] = analyzeTrace(failed).findings;
    expect(finding).toMatchObject({ kind: 'error-origin', origin: 49_999, spanCount: 50_000 });
    expect(finding?.spans).toHaveLength(100);
  });

  test('in which each of 50,000 spans but the outermost failed began to fail at the innermost, too', () => {
    const chain = createChain(50_000);
    const statuses = chain.statuses.map((_, span) => (span === 0 ? 0 : FAILED));
    const [finding] = analyzeTrace({ ...chain, statuses }).findings;
    expect(finding).toMatchObject({ reach: 'within', origin: 49_999, spanCount: 49_999 });
  });

  test('of 100,000 failed calls in one parent that does not fail has as many errors as there are operations', () => {
    const fan = createFan(100_000);
    const statuses = fan.statuses.map((_, span) => (span === 0 ? 0 : FAILED));
    const options = { maxErrorOrigins: 1000, maxFindings: 1000 };
    const { findings } = analyzeTrace({ ...fan, statuses }, { options });
    expect(findings).toHaveLength(100);
    expect(findings).toContainEqual(expect.objectContaining({ reach: 'within', wayCount: 1000 }));
  });

  test('of 100,000 failed calls in one parent is not one of retries', () => {
    const fan = createFan(100_000);
    const failed = { ...fan, statuses: fan.statuses.map(() => FAILED) };
    expect(analyzeTrace(failed).findings.map(({ kind }) => kind)).toEqual(['error-origin']);
  });

  test('of 100,000 calls one after the other is N+1, though each is of a few microseconds', () => {
    const count = 100_000;
    const columns = createLargeTrace(count + 1, (index) => ({
      parent: index - 1 < 0 ? -1 : 0,
      startNs: index * 2000,
      durationNs: index === 0 ? (count + 2) * 2000 : 1000,
      name: index === 0 ? 0 : 1,
      service: 0,
      kind: 'client',
    }));
    // 100,000 of 1 µs less one, of 2 µs for each.
    expect(analyzeTrace(columns).findings).toMatchObject([
      { kind: 'repeated-calls', spanCount: count, savingNs: (count - 1) * 1000 },
    ]);
  });
});
