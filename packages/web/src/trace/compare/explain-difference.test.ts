import { describe, expect, test } from 'vitest';
import { toColumns, toTraceJson, toView } from '../../testing/trace-fixtures.ts';
import type { FixtureSpan } from '../../testing/trace-fixtures.ts';
import { compareTraces } from './compare-traces.ts';
import type { ComparedTraces } from './compare-traces.ts';
import { explainDifference, isAlike } from './explain-difference.ts';
import { largestPairs, pairsOfGroup, showPairs } from './order-pairs.ts';
import { showPaths } from './order-paths.ts';
import { ROW_KINDS } from './row-filter.ts';
import type { RowKind } from './row-filter.ts';

const service = 'shop';

/** Some calls of one query, one after the other. */
function queries(count: number, eachNs: number, fromNs = 10): FixtureSpan[] {
  return Array.from({ length: count }, (_, at) => ({
    id: 10 + at,
    parent: 1,
    service: 'database',
    name: 'SELECT',
    startNs: fromNs + at * eachNs,
    durationNs: eachNs,
  }));
}

const fast = toTraceJson([
  { id: 1, service, name: 'POST /orders', startNs: 0, durationNs: 100 },
  ...queries(1, 10),
  { id: 2, parent: 1, service, name: 'audit', startNs: 30, durationNs: 5 },
]);

const slow = toTraceJson([
  { id: 1, service, name: 'POST /orders', startNs: 0, durationNs: 500, isFailed: true },
  ...queries(40, 10),
  { id: 3, parent: 1, service, name: 'retry', startNs: 420, durationNs: 10, isFailed: true },
]);

const compare = (a = fast, b = slow): ComparedTraces => compareTraces(toColumns(a), toColumns(b));

function nameOf({ groups }: ComparedTraces, group: number): string {
  return groups.names[groups.nameIndexes[group] ?? 0] ?? '';
}

describe('explainDifference', () => {
  test('says which calls account for it, how many they are, and what is only in one trace', () => {
    const compared = compare();
    const { causes, ...facts } = explainDifference(compared);
    expect(facts).toEqual({
      differenceNs: 400,
      ratio: 5,
      idleDifferenceNs: 0,
      onlyBaseCount: 1,
      onlyOtherCount: 40,
      baseErrorCount: 0,
      otherErrorCount: 2,
    });
    expect(causes.map((cause) => [nameOf(compared, cause.group), cause])).toEqual([
      ['SELECT', { group: 1, differenceNs: 390, baseCalls: 1, otherCalls: 40 }],
    ]);
  });

  test('the other way round it says the same of what was less', () => {
    const compared = compare(slow, fast);
    const { differenceNs, causes } = explainDifference(compared);
    expect(differenceNs).toBe(-400);
    expect(causes[0]).toMatchObject({ differenceNs: -390, baseCalls: 40, otherCalls: 1 });
  });

  test('traces that took as long have no causes', () => {
    const compared = compare(fast, fast);
    expect(isAlike(compared)).toBe(true);
    expect(explainDifference(compared).causes).toEqual([]);
    expect(isAlike(compare())).toBe(false);
  });
});

describe('what is listed', () => {
  const pathsOf = (kind: RowKind, text = ''): string[] => {
    const compared = compare();
    const sorting = { by: 'share', direction: -1 } as const;
    return Array.from(showPaths(compared, { kind, text }, sorting).groups, (group) =>
      nameOf(compared, group),
    );
  };

  test.each<[RowKind, string[]]>([
    ['all', ['SELECT', 'retry', 'POST /orders', 'audit']],
    ['changed', ['SELECT', 'retry', 'POST /orders', 'audit']],
    ['onlyBase', ['audit']],
    ['onlyOther', ['retry']],
    ['failed', ['retry', 'POST /orders']],
  ])('paths of calls that are %s, the largest difference first', (kind, expected) => {
    expect(pathsOf(kind)).toEqual(expected);
  });

  test('by words of the names of service and span', () => {
    expect(pathsOf('all', 'shop RET')).toEqual(['retry']);
    expect(pathsOf('all', 'nothing')).toEqual([]);
  });

  test('in the order of calls, those above a path are listed with it', () => {
    const compared = compare();
    const tree = { by: 'tree', direction: 1 } as const;
    const { groups, isTree } = showPaths(compared, { kind: 'onlyOther', text: '' }, tree);
    expect(isTree).toBe(true);
    expect(Array.from(groups, (group) => nameOf(compared, group))).toEqual([
      'POST /orders',
      'retry',
    ]);
  });

  test('each kind of rows lists spans and pairs of spans, too', () => {
    const source = { compared: compare(), baseView: toView(fast), otherView: toView(slow) };
    const tree = { by: 'tree', direction: 1 } as const;
    const counts = ROW_KINDS.map((kind) => showPairs(source, { kind, text: '' }, tree).length);
    // Root and one query are pairs; the pair of queries took equally long.
    expect(counts).toEqual([43, 42, 1, 40, 2]);
  });

  test('of a path of calls, the spans that differ most come first', () => {
    const source = { compared: compare(), baseView: toView(fast), otherView: toView(slow) };
    const rows = pairsOfGroup(source, 1);
    expect(rows).toHaveLength(40);
    expect(rows[0]).toBe(largestPairs(source)[1]);
    // The pair took equally long: everything else, which only one trace has, differs more.
    const { baseIndexes } = source.compared.spans;
    expect(baseIndexes[rows.at(-1) ?? 0]).toBeGreaterThanOrEqual(0);
  });
});
