import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Attribute } from '../attributes.ts';
import type { Span } from '../span.ts';
import { anySpans } from '../testing/any-spans.ts';
import { exampleSpan, spanIdOf, traceIdOf } from '../testing/example-span.ts';
import { durationNano, unixNano } from '../time.ts';
import { assembleTrace } from '../trace.ts';
import { buildTraceTree } from '../trace-tree.ts';
import { diffTraces } from './trace-diff.ts';
import type { TraceDiff } from './trace-diff.ts';

type Given = Partial<Omit<Span, 'spanId' | 'parentSpanId'>> & {
  readonly id: number;
  readonly parentId?: number;
  /** Nanoseconds since the trace began. */
  readonly from?: number;
  readonly to?: number;
};

function spansOf(...given: readonly Given[]): readonly Span[] {
  const spans = given.map(({ id, parentId, from = 0, to = from, ...rest }) =>
    exampleSpan({
      spanId: spanIdOf(id),
      parentSpanId: parentId === undefined ? undefined : spanIdOf(parentId),
      startUnixNano: unixNano(BigInt(from)),
      durationNano: durationNano(BigInt(to - from)),
      ...rest,
    }),
  );
  return assembleTrace(traceIdOf(1), spans).spans;
}

function text(key: string, value: string): Attribute {
  return { key, value: { type: 'string', value } };
}

function pathsById({ groups }: TraceDiff): Map<number, string> {
  const paths = new Map<number, string>();
  for (const { id, parentId, service, name, kind } of groups.toSorted((a, b) => a.id - b.id)) {
    const above = parentId === undefined ? '' : `${paths.get(parentId)} > `;
    paths.set(id, `${above}${service} ${name} ${kind}`);
  }
  return paths;
}

describe('diffTraces', () => {
  test('says which work explains that a trace took longer', () => {
    const base = spansOf(
      { id: 1, name: 'checkout', to: 100 },
      { id: 2, parentId: 1, name: 'charge', from: 10, to: 30 },
      { id: 3, parentId: 1, name: 'reserve', from: 40, to: 90 },
    );
    const other = spansOf(
      { id: 7, name: 'checkout', to: 290 },
      { id: 8, parentId: 7, name: 'charge', from: 10, to: 230 },
      { id: 9, parentId: 7, name: 'reserve', from: 240, to: 280 },
    );
    const { durationDifferenceNano, groups, counts } = diffTraces(base, other);
    expect(durationDifferenceNano).toBe(190n);
    expect(
      groups.map(({ name, shareDifferenceNano, durationDifferenceNano }) => ({
        name,
        shareDifferenceNano,
        durationDifferenceNano,
      })),
    ).toEqual([
      { name: 'charge', shareDifferenceNano: 200n, durationDifferenceNano: 200n },
      { name: 'reserve', shareDifferenceNano: -10n, durationDifferenceNano: -10n },
      { name: 'checkout', shareDifferenceNano: 0n, durationDifferenceNano: 190n },
    ]);
    expect(counts).toEqual({
      matched: 3,
      changed: 0,
      slower: 2,
      faster: 1,
      added: 0,
      removed: 0,
    });
  });

  test('does not blame calls side by side more than they delayed the trace', () => {
    const calls = (to: number): Given[] =>
      Array.from({ length: 10 }, (_, i) => ({ id: i + 2, parentId: 1, name: 'fetch', to }));
    const base = spansOf({ id: 1, name: 'list', to: 50 }, ...calls(50));
    const other = spansOf({ id: 1, name: 'list', to: 80 }, ...calls(80));
    const [fetch] = diffTraces(base, other).groups;
    expect(fetch).toMatchObject({
      name: 'fetch',
      matchedCount: 10,
      durationDifferenceNano: 300n,
      selfTimeDifferenceNano: 300n,
      shareDifferenceNano: 30n,
    });
  });

  test('a call that is new is added with all below it, and one that is gone removed', () => {
    const base = spansOf({ id: 1, to: 10 }, { id: 2, parentId: 1, name: 'cached', from: 1, to: 2 });
    const other = spansOf(
      { id: 1, to: 30 },
      { id: 3, parentId: 1, name: 'load', kind: 'client', from: 1, to: 20 },
      { id: 4, parentId: 3, name: 'query', from: 2, to: 19 },
      { id: 5, parentId: 4, name: 'connect', from: 3, to: 4 },
    );
    const { counts, removed, added } = diffTraces(base, other);
    expect(counts).toMatchObject({ matched: 1, added: 3, removed: 1 });
    expect(removed).toMatchObject([{ index: 1, isTop: true, descendantCount: 0 }]);
    expect(added).toMatchObject([
      { index: 1, isTop: true, descendantCount: 2, selfTimeNano: 2n },
      { index: 2, isTop: false, descendantCount: 1, selfTimeNano: 16n },
      { index: 3, isTop: false, descendantCount: 0, selfTimeNano: 1n },
    ]);
  });

  test('spans are the same work by service, name and kind together', () => {
    const service = (service: string) => ({ ...exampleSpan().resource, service });
    const same: Given = { id: 1, name: 'get', kind: 'client', resource: service('a') };
    const differing: Partial<Span>[] = [
      { name: 'put' },
      { kind: 'server' },
      { resource: service('b') },
    ];
    expect(diffTraces(spansOf(same), spansOf(same)).counts.matched).toBe(1);
    for (const change of differing) {
      const { counts } = diffTraces(spansOf(same), spansOf({ ...same, ...change }));
      expect(counts).toMatchObject({ matched: 0, added: 1, removed: 1 });
    }
  });

  test('equal calls are matched in the order they began, whatever their ids', () => {
    const base = spansOf(
      { id: 1, to: 100 },
      { id: 2, parentId: 1, name: 'step', from: 10, to: 20 },
      { id: 3, parentId: 1, name: 'step', from: 20, to: 30 },
    );
    const other = spansOf(
      { id: 1, to: 100 },
      { id: 3, parentId: 1, name: 'step', from: 10, to: 21 },
      { id: 2, parentId: 1, name: 'step', from: 30, to: 42 },
    );
    const { matched } = diffTraces(base, other);
    expect(matched.map(({ durationDifferenceNano }) => durationDifferenceNano)).toEqual([
      0n,
      1n,
      2n,
    ]);
  });

  test('of attempts the failed one is what was added, not the last', () => {
    const attempt = (id: number, from: number): Given => ({
      id,
      parentId: 1,
      name: 'charge',
      from,
    });
    const base = spansOf({ id: 1, to: 100 }, attempt(2, 10));
    const other = spansOf(
      { id: 1, to: 100 },
      { ...attempt(2, 10), status: 'error' },
      { ...attempt(3, 20), status: 'error' },
      attempt(4, 30),
    );
    const { added, matched, groups } = diffTraces(base, other);
    expect(added.map(({ index }) => index)).toEqual([1, 2]);
    expect(matched.every(({ status }) => status === undefined)).toBe(true);
    expect(groups.find(({ name }) => name === 'charge')).toMatchObject({
      base: { spanCount: 1, errorCount: 0 },
      other: { spanCount: 3, errorCount: 2 },
      matchedCount: 1,
      statusChangeCount: 0,
    });
  });

  test('of equal calls the one without its usual work below it is what is gone', () => {
    const call = (id: number, from: number): Given[] => [
      { id, parentId: 1, name: 'call', from, to: from + 5 },
      { id: id + 10, parentId: id, name: 'query', from: from + 1 },
    ];
    const base = spansOf(
      { id: 1, to: 100 },
      { id: 2, parentId: 1, name: 'call', from: 1, to: 2 },
      ...call(3, 10),
      ...call(4, 20),
    );
    const other = spansOf({ id: 1, to: 100 }, ...call(3, 10), ...call(4, 20));
    const { counts, removed } = diffTraces(base, other);
    expect(counts).toMatchObject({ matched: 5, added: 0, removed: 1 });
    expect(removed.map(({ index }) => base[index]?.spanId)).toEqual([spanIdOf(2)]);
  });

  test('tells a changed status, and another reason for the same one', () => {
    const base = spansOf({ id: 1, status: 'ok' }, { id: 2, parentId: 1, status: 'error' });
    const other = spansOf(
      { id: 1, status: 'error', statusMessage: 'no stock' },
      { id: 2, parentId: 1, status: 'error', statusMessage: 'timeout' },
    );
    const { matched, counts, groups } = diffTraces(base, other);
    expect(matched.map(({ status }) => status)).toEqual([
      { base: { status: 'ok', message: '' }, other: { status: 'error', message: 'no stock' } },
      { base: { status: 'error', message: '' }, other: { status: 'error', message: 'timeout' } },
    ]);
    expect(counts.changed).toBe(2);
    expect(groups.map(({ statusChangeCount }) => statusChangeCount)).toEqual([1, 1]);
  });

  test('tells attributes that are not alike, on one side or on both, by key', () => {
    const attributes = [text('user', '1'), text('gone', 'x'), text('route', '/a')];
    const base = spansOf({ id: 1, attributes });
    const other = spansOf({
      id: 1,
      attributes: [text('route', '/a'), text('user', '2'), text('cache', 'miss')],
    });
    const changes = [
      { key: 'cache', base: undefined, other: { type: 'string', value: 'miss' } },
      { key: 'gone', base: { type: 'string', value: 'x' }, other: undefined },
      {
        key: 'user',
        base: { type: 'string', value: '1' },
        other: { type: 'string', value: '2' },
      },
    ];
    const { matched, groups } = diffTraces(base, other);
    expect(matched[0]?.attributes).toEqual(changes);
    expect(groups[0]?.attributes).toEqual(
      changes.map(({ key, base, other }) => ({ key, base, other, matchedCount: 1 })),
    );
  });

  test('a group tells each key once, in how many pairs it differs, and values of the first', () => {
    const item = (id: number, hit: string): Given => ({
      id,
      parentId: 1,
      name: 'item',
      from: id,
      attributes: [text('id', `${id}${hit}`), text('cache', hit)],
    });
    const base = spansOf({ id: 1 }, item(2, 'hit'), item(3, 'hit'), item(4, 'miss'));
    const other = spansOf({ id: 1 }, item(2, 'hit'), item(3, 'miss'), item(4, 'hit'));
    const items = diffTraces(base, other).groups.find(({ name }) => name === 'item');
    expect(items?.attributes).toEqual([
      {
        key: 'cache',
        matchedCount: 2,
        base: { type: 'string', value: 'hit' },
        other: { type: 'string', value: 'miss' },
      },
      {
        key: 'id',
        matchedCount: 2,
        base: { type: 'string', value: '3hit' },
        other: { type: 'string', value: '3miss' },
      },
    ]);
  });

  test('tells another version of a service once for all its spans', () => {
    const version = (value: string) => ({
      ...exampleSpan().resource,
      attributes: [text('host.name', 'web-1'), text('service.version', value)],
    });
    const trace = (resource: Span['resource']) =>
      spansOf({ id: 1, resource }, { id: 2, parentId: 1, resource });
    const { resources, counts } = diffTraces(trace(version('1.0')), trace(version('1.1')));
    expect(resources).toEqual([
      {
        service: 'user-service',
        matchedCount: 2,
        attributes: [
          {
            key: 'service.version',
            base: { type: 'string', value: '1.0' },
            other: { type: 'string', value: '1.1' },
          },
        ],
      },
    ]);
    expect(counts.changed).toBe(0);
  });

  test('the same call at two places of a trace is two groups', () => {
    const spans = spansOf(
      { id: 1, name: 'root' },
      { id: 2, parentId: 1, name: 'query' },
      { id: 3, parentId: 1, name: 'page', from: 1 },
      { id: 4, parentId: 3, name: 'query', from: 2 },
    );
    const paths = [...pathsById(diffTraces(spans, [])).values()];
    expect(paths.map((path) => path.replaceAll(/user-service | internal/g, ''))).toEqual([
      'root',
      'root > query',
      'root > page',
      'root > page > query',
    ]);
  });

  test('a trace of nothing has only added spans', () => {
    const { counts, base, durationDifferenceNano } = diffTraces([], spansOf({ id: 1, to: 5 }));
    expect(counts).toMatchObject({ matched: 0, added: 1, removed: 0 });
    expect(base).toEqual({ spanCount: 0, durationNano: 0n, idleNano: 0n });
    expect(durationDifferenceNano).toBe(5n);
  });
});

describe('diffTraces, whatever arrives', () => {
  test('a trace compared with itself has no changes', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const diff = diffTraces(spans, spans);
        expect(diff.counts).toEqual({
          matched: spans.length,
          changed: 0,
          slower: 0,
          faster: 0,
          added: 0,
          removed: 0,
        });
        expect(diff.durationDifferenceNano).toBe(0n);
        expect(diff.resources).toEqual([]);
        for (const group of diff.groups) {
          expect(group.other).toEqual(group.base);
          expect(group.attributes).toEqual([]);
        }
        for (const { baseIndex, otherIndex, selfTimeDifferenceNano } of diff.matched) {
          expect(otherIndex).toBe(baseIndex);
          expect(selfTimeDifferenceNano).toBe(0n);
        }
      }),
    );
  });

  test('exchanging the traces exchanges added and removed and negates all differences', () => {
    check((diff, base, other) => {
      const swapped = diffTraces(other, base);
      // Groups are numbered as they come, the base's first.
      const anyGroup = { groupId: expect.any(Number) as number };
      expect(swapped.added).toEqual(diff.removed.map((span) => Object.assign({}, span, anyGroup)));
      expect(swapped.removed).toEqual(diff.added.map((span) => Object.assign({}, span, anyGroup)));
      expect(swapped.durationDifferenceNano).toBe(-diff.durationDifferenceNano);
      expect(swapped.counts).toEqual({
        ...diff.counts,
        slower: diff.counts.faster,
        faster: diff.counts.slower,
        added: diff.counts.removed,
        removed: diff.counts.added,
      });
      const negated = diff.matched.map(({ status, attributes, ...match }) => ({
        ...anyGroup,
        baseIndex: match.otherIndex,
        otherIndex: match.baseIndex,
        durationDifferenceNano: -match.durationDifferenceNano,
        selfTimeDifferenceNano: -match.selfTimeDifferenceNano,
        status: status && { base: status.other, other: status.base },
        attributes: attributes.map(({ key, base, other }) => ({ key, base: other, other: base })),
      }));
      expect(swapped.matched).toEqual(
        swapped.matched.map((match) => negated.find((n) => n.baseIndex === match.baseIndex)),
      );
      expect(summarizeGroups(swapped)).toEqual(
        new Map(
          [...summarizeGroups(diff)].map(([path, { base, other, ...differences }]) => [
            path,
            {
              base: other,
              other: base,
              durationDifferenceNano: -differences.durationDifferenceNano,
              selfTimeDifferenceNano: -differences.selfTimeDifferenceNano,
              shareDifferenceNano: -differences.shareDifferenceNano,
            },
          ]),
        ),
      );
    });
  });

  test('every span of either trace is matched once, or listed once as added or removed', () => {
    check(({ matched, removed, added }, base, other) => {
      const inBase = [...matched.map((m) => m.baseIndex), ...removed.map((r) => r.index)];
      const inOther = [...matched.map((m) => m.otherIndex), ...added.map((a) => a.index)];
      expect(inBase.toSorted((a, b) => a - b)).toEqual(base.map((_, index) => index));
      expect(inOther.toSorted((a, b) => a - b)).toEqual(other.map((_, index) => index));
    });
  });

  test('partners are the same work, and so are their parents', () => {
    check(({ matched }, base, other) => {
      const baseParents = buildTraceTree(base).parents;
      const otherParents = buildTraceTree(other).parents;
      const partners = new Map(matched.map((m) => [m.baseIndex, m.otherIndex]));
      for (const { baseIndex, otherIndex } of matched) {
        const [a, b] = [base[baseIndex], other[otherIndex]];
        expect([a?.name, a?.kind, a?.resource.service]).toEqual([
          b?.name,
          b?.kind,
          b?.resource.service,
        ]);
        const parent = baseParents[baseIndex] ?? -1;
        const partner = parent < 0 ? -1 : partners.get(parent);
        expect(otherParents[otherIndex]).toBe(partner);
      }
    });
  });

  test('no two spans are left over that could have been partners', () => {
    check(({ matched, removed, added }, base, other) => {
      const baseParents = buildTraceTree(base).parents;
      const otherParents = buildTraceTree(other).parents;
      const partners = new Map(matched.map((m) => [m.baseIndex, m.otherIndex]));
      for (const { index, groupId, isTop } of removed) {
        if (!isTop) continue;
        const parent = baseParents[index] ?? -1;
        const partner = parent < 0 ? -1 : partners.get(parent);
        const isLeftToo = added.some(
          (candidate) => candidate.groupId === groupId && otherParents[candidate.index] === partner,
        );
        expect(isLeftToo).toBe(false);
      }
    });
  });

  test('a subtree that is added or removed stands together in the list', () => {
    check(({ removed, added }, base, other) => {
      for (const [unmatched, spans] of [
        [removed, base],
        [added, other],
      ] as const) {
        const { parents } = buildTraceTree(spans);
        let end = 0;
        unmatched.forEach(({ index, isTop, descendantCount }, at) => {
          expect(isTop).toBe(at >= end);
          if (isTop) end = at + 1 + descendantCount;
          else expect(unmatched.some((above) => above.index === parents[index])).toBe(true);
        });
        expect(end).toBe(unmatched.length);
      }
    });
  });

  test('groups hold every span, and what they explain adds up to the difference', () => {
    check((diff, base, other) => {
      const sum = (numbers: readonly bigint[]) => numbers.reduce((a, b) => a + b, 0n);
      const { groups } = diff;
      expect(groups.reduce((count, group) => count + group.base.spanCount, 0)).toBe(base.length);
      expect(groups.reduce((count, group) => count + group.other.spanCount, 0)).toBe(other.length);
      const idle = diff.other.idleNano - diff.base.idleNano;
      const explained = sum(groups.map((group) => group.shareDifferenceNano)) + idle;
      const missed = Number(explained - diff.durationDifferenceNano);
      expect(Math.abs(missed)).toBeLessThanOrEqual(groups.length);
      const sizes = groups.map((group) => Math.abs(Number(group.shareDifferenceNano)));
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    });
  });

  function check(
    property: (diff: TraceDiff, base: readonly Span[], other: readonly Span[]) => void,
  ): void {
    const related = fc.tuple(anySpans, anySpans).map(([base, extra]) => {
      // Mostly alike, as traces are that somebody compares.
      const spans = [...base.slice(extra.length % 3), ...extra.slice(0, 5)];
      return [base, assembleTrace(traceIdOf(1), spans).spans] as const;
    });
    fc.assert(
      fc.property(fc.oneof(related, fc.tuple(anySpans, anySpans)), ([base, other]) =>
        property(diffTraces(base, other), base, other),
      ),
    );
  }

  function summarizeGroups(diff: TraceDiff) {
    const paths = pathsById(diff);
    return new Map(
      diff.groups.map((group) => [
        paths.get(group.id),
        {
          base: group.base,
          other: group.other,
          durationDifferenceNano: group.durationDifferenceNano,
          selfTimeDifferenceNano: group.selfTimeDifferenceNano,
          shareDifferenceNano: group.shareDifferenceNano,
        },
      ]),
    );
  }
});

describe('diffTraces at size', () => {
  test('chains 50,000 deep work', () => {
    const chain = (length: number) =>
      spansOf(
        ...Array.from({ length }, (_, i): Given => {
          return { id: i + 1, ...(i === 0 ? {} : { parentId: i }), from: i, to: 200_000 - i };
        }),
      );
    const { counts, groups } = diffTraces(chain(50_000), chain(49_000));
    expect(counts).toMatchObject({ matched: 49_000, added: 0, removed: 1_000 });
    expect(groups).toHaveLength(50_000);
  });

  test('parents of 100,000 equal children work', () => {
    const wide = (count: number, odd: number) =>
      spansOf(
        { id: 1, name: 'root', to: 1_000_000 },
        ...Array.from({ length: count }, (_, i): Given => {
          const status = i === odd ? 'error' : 'unset';
          return { id: i + 2, parentId: 1, name: 'item', from: i, to: i + 5, status };
        }),
      );
    const { counts, added, groups } = diffTraces(wide(100_000, -1), wide(100_001, 50_000));
    expect(counts).toMatchObject({ matched: 100_001, changed: 0, added: 1, removed: 0 });
    expect(added[0]?.index).toBe(50_001);
    expect(groups).toHaveLength(2);
  });
});
