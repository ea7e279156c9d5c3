import { describe, expect, test } from 'vitest';
import {
  FIXTURE_START_UNIX_NANO,
  orderTrace,
  toView,
  withoutSpans,
} from '../testing/trace-fixtures.ts';
import { assessCompleteness } from './completeness.ts';

const startMs = Number(FIXTURE_START_UNIX_NANO / 1_000_000n);
const laterMs = startMs + 3_600_000;

function assess(missing: readonly string[], nowMs = laterMs) {
  const trace = withoutSpans(orderTrace(), ({ name }) => missing.includes(name));
  return assessCompleteness(toView(trace), nowMs);
}

describe('completeness', () => {
  test('a whole trace of an hour ago lacks nothing', () => {
    expect(assess([])).toMatchObject({ orphanCount: 0, isRootMissing: false, isRecent: false });
  });

  test('counts the spans whose parents are not here, and the parents', () => {
    expect(assess(['create-order'])).toMatchObject({
      orphanCount: 3,
      missingParentCount: 1,
      isRootMissing: false,
    });
  });

  test('notices that the root is not here', () => {
    expect(assess(['POST /orders'])).toMatchObject({ orphanCount: 1, isRootMissing: true });
  });

  test('takes a trace for recent that has just ended, also when its clock is ahead', () => {
    expect(assess([], startMs + 3_000).isRecent).toBe(true);
    expect(assess([], startMs - 3_000).isRecent).toBe(true);
    expect(assess([], startMs + 30_000).isRecent).toBe(false);
  });
});
