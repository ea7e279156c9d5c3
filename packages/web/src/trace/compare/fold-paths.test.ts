import { describe, expect, test } from 'vitest';
import { toColumns, toTraceJson, toView } from '../../testing/trace-fixtures.ts';
import type { FixtureSpan } from '../../testing/trace-fixtures.ts';
import { compareTraces } from './compare-traces.ts';
import { describeFold, findParents, foldPath, foldPaths, unfoldAbove } from './fold-paths.ts';
import type { FoldedPaths } from './fold-paths.ts';
import type { PairSource } from './order-pairs.ts';
import { showPaths } from './order-paths.ts';

const service = 'shop';

function span(id: number, parent: number | undefined, name: string): FixtureSpan {
  return { id, parent, service, name, startNs: id, durationNs: 100 - id };
}

/** `a` has `root > get > query > rows`, and `b` has `root > (get > query, put > query)`. */
const a = toTraceJson([
  span(1, undefined, 'root'),
  span(2, 1, 'get'),
  span(3, 2, 'query'),
  span(4, 3, 'rows'),
]);
const b = toTraceJson([
  span(1, undefined, 'root'),
  span(2, 1, 'get'),
  span(3, 2, 'query'),
  span(5, 1, 'put'),
  span(6, 5, 'query'),
]);

function source(base = a, other = b): PairSource {
  const compared = compareTraces(toColumns(base), toColumns(other));
  return { compared, baseView: toView(base), otherView: toView(other) };
}

function shown({ compared }: PairSource, folded: FoldedPaths): readonly string[] {
  const tree = { by: 'tree', direction: 1 } as const;
  const { groups } = showPaths(compared, { kind: 'all', text: '' }, tree, folded);
  return Array.from(groups, (group) => nameOf({ compared }, group));
}

function nameOf({ compared: { groups } }: Pick<PairSource, 'compared'>, group: number): string {
  return groups.names[groups.nameIndexes[group] ?? 0] ?? '';
}

function groupOf(given: PairSource, name: string): number {
  const groups = Array.from(given.compared.pathOrder);
  return groups.find((group) => nameOf(given, group) === name) ?? -1;
}

describe('paths of calls that are folded', () => {
  test('have none below them', () => {
    const given = source();
    const folded = foldPaths(given, { spans: [{ side: 'a', key: '00f067aa0ba90002' }] });
    expect(shown(given, folded)).toEqual(['root', 'get', 'put', 'query']);
    expect(shown(given, foldPaths(given, { fromDepth: 0 }))).toEqual(['root']);
    expect(shown(given, foldPaths(given, { fromDepth: 1 }))).toEqual(['root', 'get', 'put']);
  });

  test('are named by a span of theirs, whichever trace comes first', () => {
    const given = source();
    const folded = foldPath(given.compared, new Uint8Array(6), groupOf(given, 'put'), true);
    const fold = describeFold(given, folded);
    expect(fold).toEqual({ spans: [{ side: 'b', key: '00f067aa0ba90005' }] });
    expect(foldPaths(given, fold)).toEqual(folded);
    const swapped = source(b, a);
    const same = foldPaths(swapped, { spans: [{ side: 'a', key: '00f067aa0ba90005' }] });
    expect(shown(swapped, same)).not.toEqual(shown(swapped, new Uint8Array(6)));
    expect(shown(swapped, same).filter((name) => name === 'query')).toHaveLength(1);
  });

  test('are named by a depth where all are from there on', () => {
    const given = source();
    expect(describeFold(given, findParents(given.compared))).toEqual({ fromDepth: 0 });
    expect(describeFold(given, foldPaths(given, { fromDepth: 1 }))).toEqual({ fromDepth: 1 });
  });

  test('are unfolded above a path that is looked for', () => {
    const given = source();
    const all = findParents(given.compared);
    const open = unfoldAbove(given.compared, all, groupOf(given, 'get'));
    expect(shown(given, open)).toEqual(['root', 'get', 'put']);
    expect(unfoldAbove(given.compared, open, groupOf(given, 'get'))).toBe(open);
  });

  test('what is below nothing, and spans that are not there, fold nothing', () => {
    const given = source();
    const none = foldPaths(given, { spans: [{ side: 'a', key: '00f067aa0ba90004' }] });
    expect(none.includes(1)).toBe(false);
    expect(foldPaths(given, { spans: [{ side: 'b', key: '00f067aa0ba90009' }] })).toEqual(none);
    expect(describeFold(given, none)).toEqual({ spans: [] });
  });
});
