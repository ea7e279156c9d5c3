import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SpanKind } from './span.ts';
import { spanIdOf } from './testing/example-span.ts';
import { buildTraceTree, growTraceTree } from './trace-tree.ts';
import type { TraceTree, TreeSpan } from './trace-tree.ts';

function span(id: number, parentId?: number, kind: SpanKind = 'internal'): TreeSpan {
  return {
    spanId: spanIdOf(id),
    parentSpanId: parentId === undefined ? undefined : spanIdOf(parentId),
    kind,
  };
}

/** Few ids, so that orphans, cycles, doubled and shared ids all come up. */
const anySpans: fc.Arbitrary<readonly TreeSpan[]> = fc.array(
  fc
    .record({
      id: fc.integer({ min: 1, max: 12 }),
      parentId: fc.option(fc.integer({ min: 1, max: 14 }), { nil: undefined }),
      kind: fc.constantFrom<SpanKind>('internal', 'client', 'server', 'producer', 'consumer'),
    })
    .map(({ id, parentId, kind }) => span(id, parentId, kind)),
  { maxLength: 30 },
);

describe('buildTraceTree, whatever arrives', () => {
  test('reaches every span exactly once', () => {
    check((tree, spans) => {
      expect([...tree.order].sort((a, b) => a - b)).toEqual(spans.map((_, index) => index));
    });
  });

  test('puts parents before children, one deeper', () => {
    check((tree) => {
      const rowOf = new Map([...tree.order].map((index, row) => [index, row]));
      tree.parents.forEach((parent, index) => {
        if (parent < 0) {
          expect(tree.depths[index]).toBe(0);
          return;
        }
        expect(rowOf.get(parent)).toBeLessThan(rowOf.get(index) ?? -1);
        expect(tree.depths[index]).toBe((tree.depths[parent] ?? 0) + 1);
      });
    });
  });

  test('keeps a subtree together: a span is followed by exactly its descendants', () => {
    check((tree) => {
      tree.order.forEach((index, row) => {
        const below = tree.descendantCounts[index] ?? 0;
        const depth = tree.depths[index] ?? 0;
        for (let next = row + 1; next <= row + below; next++) {
          expect(tree.depths[tree.order[next] ?? -1]).toBeGreaterThan(depth);
        }
        const after = tree.order[row + below + 1];
        if (after !== undefined) expect(tree.depths[after]).toBeLessThanOrEqual(depth);
      });
    });
  });

  test('lists roots and siblings in the order of their start', () => {
    check((tree) => {
      const lastChildOf = new Map<number, number>();
      for (const index of tree.order) {
        const parent = tree.parents[index] ?? -1;
        expect(index).toBeGreaterThan(lastChildOf.get(parent) ?? -1);
        lastChildOf.set(parent, index);
      }
      expect(tree.roots).toEqual([...tree.order].filter((index) => tree.parents[index] === -1));
    });
  });

  test('names as orphans exactly the roots whose parent is not there', () => {
    check((tree, spans) => {
      const ids = new Set(spans.map(({ spanId }) => spanId));
      for (const orphan of tree.orphans) {
        expect(tree.parents[orphan]).toBe(-1);
        expect(ids.has(spans[orphan]?.parentSpanId ?? spanIdOf(1))).toBe(false);
      }
    });
  });

  function check(holds: (tree: TraceTree, spans: readonly TreeSpan[]) => void): void {
    fc.assert(fc.property(anySpans, (spans) => holds(buildTraceTree(spans), spans)));
  }
});

describe('buildTraceTree', () => {
  test('makes the tree of an ordinary trace', () => {
    const tree = buildTraceTree([span(1), span(2, 1), span(3, 1), span(4, 2)]);
    expect([...tree.parents]).toEqual([-1, 0, 0, 1]);
    expect([...tree.order]).toEqual([0, 1, 3, 2]);
    expect([...tree.depths]).toEqual([0, 1, 1, 2]);
    expect([...tree.descendantCounts]).toEqual([3, 1, 0, 0]);
    expect(tree.roots).toEqual([0]);
    expect(tree.orphans).toEqual([]);
    expect(tree.maxDepth).toBe(2);
  });

  test('finds a parent that started after its child', () => {
    const tree = buildTraceTree([span(2, 1), span(1)]);
    expect([...tree.parents]).toEqual([1, -1]);
    expect([...tree.order]).toEqual([1, 0]);
  });

  test('an orphan is a root of its own, with its children below it', () => {
    const tree = buildTraceTree([span(1), span(2, 99), span(3, 2)]);
    expect(tree.roots).toEqual([0, 1]);
    expect(tree.orphans).toEqual([1]);
    expect([...tree.parents]).toEqual([-1, -1, 1]);
  });

  test('a span that names itself as its parent is a root and no orphan', () => {
    const tree = buildTraceTree([span(1, 1)]);
    expect(tree.roots).toEqual([0]);
    expect(tree.orphans).toEqual([]);
  });

  test('the earliest span of a cycle becomes its root', () => {
    const tree = buildTraceTree([span(1, 3), span(2, 1), span(3, 2)]);
    expect([...tree.parents]).toEqual([-1, 0, 1]);
  });

  test('the earliest span of a cycle becomes its root, also when a span outside leads into it', () => {
    const tree = buildTraceTree([span(9, 3), span(1, 3), span(2, 1), span(3, 2)]);
    expect([...tree.parents]).toEqual([3, -1, 1, 2]);
  });

  test('of a shared id the server span is below the client span, and has the children', () => {
    const tree = buildTraceTree([
      span(1, undefined, 'server'),
      span(2, 1, 'client'),
      span(2, 1, 'server'),
      span(3, 2),
    ]);
    expect([...tree.parents]).toEqual([-1, 0, 1, 2]);
  });

  test('of a shared id the server span is below the client span, also when its clock runs ahead', () => {
    const tree = buildTraceTree([
      span(2, 1, 'server'),
      span(1, undefined, 'server'),
      span(2, 1, 'client'),
    ]);
    expect([...tree.parents]).toEqual([2, -1, 1]);
  });

  test('no spans make an empty tree', () => {
    const tree = buildTraceTree([]);
    expect(tree.order).toHaveLength(0);
    expect(tree.roots).toEqual([]);
    expect(tree.maxDepth).toBe(0);
  });
});

test('a tree grows from parents alone, as a server found them', () => {
  const tree = growTraceTree(Int32Array.of(-1, 0, -2, 2));
  expect(tree.roots).toEqual([0, 2]);
  expect(tree.orphans).toEqual([2]);
  expect([...tree.parents]).toEqual([-1, 0, -1, 2]);
  expect([...tree.order]).toEqual([0, 1, 2, 3]);
});

describe('buildTraceTree at size', () => {
  test('a chain 50,000 deep works', () => {
    const tree = buildTraceTree(chain(50_000));
    expect(tree.maxDepth).toBe(49_999);
    expect(tree.descendantCounts[0]).toBe(49_999);
  });

  test('a parent of 100,000 children works', () => {
    const spans = [span(1), ...Array.from({ length: 100_000 }, (_, i) => span(i + 2, 1))];
    const tree = buildTraceTree(spans);
    expect(tree.descendantCounts[0]).toBe(100_000);
    expect(tree.maxDepth).toBe(1);
  });

  test('a cycle of 50,000 spans with as many leading into it works', () => {
    const spans = chain(100_000);
    spans[0] = span(1, 50_000);
    const tree = buildTraceTree(spans);
    expect(tree.roots).toEqual([0]);
    expect(tree.order).toHaveLength(100_000);
  });

  test('a chain 100,000 deep that arrives backwards works', () => {
    const tree = buildTraceTree(chain(100_000).reverse());
    expect(tree.maxDepth).toBe(99_999);
    expect(tree.order[0]).toBe(99_999);
  });

  function chain(length: number): TreeSpan[] {
    return Array.from({ length }, (_, i) => span(i + 1, i === 0 ? undefined : i));
  }
});
