import { describe, expect, test } from 'vitest';
import { layoutGraph } from './layout-graph.ts';

const box = { widthPx: 100, heightPx: 40 };

describe('layoutGraph', () => {
  test('puts callers to the left of those they call, apart from each other', () => {
    const { nodes, edges, widthPx } = layoutGraph({
      nodes: [box, box, box],
      edges: [
        { from: 0, to: 1, labelWidthPx: 20 },
        { from: 0, to: 2, labelWidthPx: 20 },
      ],
    });
    const [caller, first, second] = nodes;
    expect((caller?.x ?? 0) + 100).toBeLessThan(first?.x ?? 0);
    expect(Math.abs((first?.y ?? 0) - (second?.y ?? 0))).toBeGreaterThanOrEqual(40);
    expect(edges[0]?.points.length).toBeGreaterThan(1);
    expect(widthPx).toBeGreaterThan(200);
  });

  test('takes circles, and nodes that nobody calls', () => {
    const { nodes } = layoutGraph({
      nodes: [box, box, box],
      edges: [
        { from: 0, to: 1, labelWidthPx: 20 },
        { from: 1, to: 0, labelWidthPx: 20 },
      ],
    });
    for (const { x, y } of nodes) expect(Number.isFinite(x + y)).toBe(true);
  });

  test('takes 300 nodes that call many others', () => {
    const nodes = Array.from({ length: 300 }, () => box);
    const edges = Array.from({ length: 900 }, (_, at) => ({
      from: at % 300,
      to: (at * 7 + 1) % 300,
      labelWidthPx: 30,
    })).filter(({ from, to }) => from !== to);
    expect(layoutGraph({ nodes, edges }).nodes).toHaveLength(300);
  }, 60_000);
});
