import { describe, expect, test } from 'vitest';
import { createChain, createFan, createServiceTrace } from '../testing/large-trace.ts';
import { analyzeTrace } from './analyze-trace.ts';

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
    expect(findings.map(({ kind }) => kind)).toEqual(['repeated-calls']);
    expect(pathTimesNs.reduce((sum, ns) => sum + ns, 0)).toBe(rootDurationNs);
  });

  test('of calls that all fail or wait in one parent is looked through', () => {
    const fan = createFan(100_000);
    const failed = { ...fan, statuses: fan.statuses.map(() => 2) };
    expect(analyzeTrace(failed).findings.map(({ kind }) => kind)).toContain('error-origin');
  });
});
