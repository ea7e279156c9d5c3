import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyTraceView, sumOf } from '../../testing/any-trace.ts';
import { fanTrace, orderTrace, toTraceJson, toView } from '../../testing/trace-fixtures.ts';
import { GRAPH_NODES, MAX_NODES, buildCallGraph } from './build-call-graph.ts';

describe('the call graph', () => {
  test('has every span in a node, and every call between nodes in an edge', () => {
    fc.assert(
      fc.property(anyTraceView, fc.constantFrom(...GRAPH_NODES), (view, wanted) => {
        const { nodes, edges, nodeOfSpan } = buildCallGraph({ ...view, wanted });
        expect(sumOf(nodes.map(({ spanCount }) => spanCount))).toBe(view.spanCount);
        expect(sumOf(nodes.map(({ errorCount }) => errorCount))).toBe(view.errorCount);
        const calls = [...view.tree.parents.entries()].filter(
          ([child, parent]) => parent >= 0 && nodeOfSpan[child] !== nodeOfSpan[parent],
        );
        expect(sumOf(edges.map(({ callCount }) => callCount))).toBe(calls.length);
      }),
    );
  });

  test('says how often one service called another, and for how long', () => {
    const { nodes, edges } = buildCallGraph({ ...toView(orderTrace()), wanted: 'service' });
    expect(nodes.map(({ label }) => label.service)).toEqual(['order-service', 'user-service']);
    expect(nodes[0]).toMatchObject({ spanCount: 5, errorCount: 0 });
    expect(edges).toEqual([{ from: 0, to: 1, callCount: 1, errorCount: 0, totalNs: 33e6 }]);
  });

  test('shows services where there are too many operations', () => {
    const graph = buildCallGraph({ ...toView(fanTrace(1_000)), wanted: 'operation' });
    expect(graph.nodesAre).toBe('service');
    expect(graph.refusedCount).toBe(1_001);
    expect(graph.nodes).toHaveLength(3);
  });

  test('puts services that are too many into one node', () => {
    const spans = Array.from({ length: 1_000 }, (_, at) => ({
      id: at + 1,
      parent: at === 0 ? undefined : 1,
      service: `service ${at}`,
      name: 'work',
      startNs: at,
      durationNs: at === 0 ? 1e6 : 1_000 + at,
    }));
    const { nodes, edges } = buildCallGraph({ ...toView(toTraceJson(spans)), wanted: 'service' });
    expect(nodes).toHaveLength(MAX_NODES);
    expect(nodes.at(-1)).toMatchObject({ mergedCount: 1_000 - MAX_NODES + 1 });
    expect(sumOf(edges.map(({ callCount }) => callCount))).toBeGreaterThan(900);
  });
});
