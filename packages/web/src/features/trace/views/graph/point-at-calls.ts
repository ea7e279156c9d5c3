import type { TraceState } from '../../../../state/trace-state.ts';
import { messages } from '../../../../messages/messages.ts';
import type { CallGraph } from '../../../../trace/graph/build-call-graph.ts';
import type { FindState } from '../../find/find-state.ts';
import { describeNode } from './measure-graph.ts';

export interface PointContext {
  readonly state: TraceState;
  readonly find: FindState;
  readonly graph: CallGraph;
}

/** Marks the spans of a node, and selects the longest of them. */
export function pointAtNode(context: PointContext, node: number): void {
  const { nodeOfSpan } = context.graph;
  point(context, (index) => nodeOfSpan[index] === node, nameOfNode(context.graph, node));
}

/** Marks the called spans of an edge, and selects the longest of them. */
export function pointAtEdge(context: PointContext, edge: number): void {
  const { nodeOfSpan, edges } = context.graph;
  const { parents } = context.state.view.get().tree;
  const { from = -1, to = -1 } = edges[edge] ?? {};
  const isCall = (index: number) =>
    nodeOfSpan[index] === to && nodeOfSpan[parents[index] ?? -1] === from;
  const label = `${nameOfNode(context.graph, from)} → ${nameOfNode(context.graph, to)}`;
  point(context, isCall, label);
}

export function nameOfNode({ nodes }: CallGraph, node: number): string {
  const one = nodes[node];
  return one === undefined ? '' : describeNode(one).title;
}

export function titleOfEdge(graph: CallGraph, at: number): string {
  const edge = graph.edges[at];
  if (edge === undefined) return '';
  const words = messages.trace.graph.edge(edge.callCount, edge.errorCount, edge.totalNs);
  return `${nameOfNode(graph, edge.from)} → ${nameOfNode(graph, edge.to)}: ${words}`;
}

function point(
  { state, find }: PointContext,
  isWanted: (spanIndex: number) => boolean,
  label: string,
): void {
  const { durationsNs, spanCount } = state.view.get();
  const spans: number[] = [];
  let longest: number | undefined;
  for (let index = 0; index < spanCount; index++) {
    if (!isWanted(index)) continue;
    spans.push(index);
    if (longest === undefined || (durationsNs[index] ?? 0) > (durationsNs[longest] ?? 0)) {
      longest = index;
    }
  }
  find.point(state, Uint32Array.from(spans), label);
  if (longest !== undefined) state.select(longest);
}
