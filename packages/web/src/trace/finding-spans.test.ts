import type { Finding } from '@clew/model';
import { describe, expect, test } from 'vitest';
import { orderTrace, toView } from '../testing/trace-fixtures.ts';
import {
  findFindingByKey,
  formatFindingKey,
  mainSpanOf,
  markEvidence,
  severityOf,
} from './finding-spans.ts';

const view = toView(orderTrace());
const saved = { root: 0, savingNs: 0, savingShare: 0 };

const repeated = (...spans: readonly number[]): Finding => ({
  ...saved,
  kind: 'repeated-calls',
  work: 'call',
  spans,
  spanCount: spans.length,
  parent: 0,
  totalNs: 1,
});

const slow: Finding = {
  ...saved,
  kind: 'slow-dependency',
  spans: [3, 1],
  spanCount: 2,
  service: 0,
  name: -1,
  pathNs: 1,
};

describe('the key of a finding', () => {
  test('names it among others of its kind', () => {
    const findings = [slow, repeated(2, 3), repeated(4, 5)];
    for (const finding of findings)
      expect(findFindingByKey(view, findings, formatFindingKey(view, finding))).toBe(finding);
  });

  test('still names it when another of its spans has become the first', () => {
    const key = formatFindingKey(view, repeated(3, 4));
    const grown = repeated(2, 3, 4);
    expect(findFindingByKey(view, [slow, grown], key)).toBe(grown);
  });

  test('names nothing where there is none such', () => {
    for (const key of [
      '',
      'open',
      'retries',
      'repeated-calls.zz',
      'repeated-calls.00f067aa0ba90001',
    ])
      expect(findFindingByKey(view, [slow, repeated(4, 5)], key)).toBeUndefined();
  });
});

describe('the spans of a finding', () => {
  test('are marked', () => {
    expect(Array.from(markEvidence(view.spanCount, slow))).toEqual([0, 1, 0, 1, 0, 0, 0, 0]);
  });

  test('are looked at from the first of what repeats, from the slowest of others, from where an error began', () => {
    const { durationsNs } = view;
    expect(mainSpanOf(repeated(5, 4), durationsNs)).toBe(5);
    expect(mainSpanOf(slow, durationsNs)).toBe(1);
    const error: Finding = {
      ...saved,
      kind: 'error-origin',
      spans: [0, 1],
      spanCount: 2,
      origin: 1,
      reach: 'root',
      wayCount: 1,
      serviceCount: 1,
      isUnbroken: true,
      isCertain: true,
      hasGoneOn: false,
      witness: -1,
      silentService: -1,
    };
    expect(mainSpanOf(error, durationsNs)).toBe(1);
    expect(severityOf(error)).toBe('error');
  });

  test('matter by what they would save', () => {
    const of = (savingNs: number, savingShare: number) =>
      severityOf({ ...slow, savingNs, savingShare });
    expect([of(0, 0), of(1, 0.1), of(1, 0.4)]).toEqual(['note', 'low', 'high']);
  });
});
