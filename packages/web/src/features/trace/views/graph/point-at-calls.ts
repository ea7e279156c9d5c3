import { isolatedText } from '../../../../base/visible-text.ts';
import type { SpanMark } from '../../../../state/span-mark.ts';
import type { TraceState } from '../../../../state/trace-state.ts';
import { messages } from '../../../../messages/messages.ts';
import type { CallGraph } from '../../../../trace/graph/build-call-graph.ts';
import type { TraceView } from '../../../../trace/trace-view.ts';
import type { FindState } from '../../find/find-state.ts';
import { describeNode } from './measure-graph.ts';

export interface PointContext {
  readonly state: TraceState;
  readonly find: FindState;
  readonly graph: CallGraph;
}

export interface MarkedSpans {
  readonly spans: Uint32Array;
  /** What they have in common. */
  readonly label: string;
}

/** Marks the spans of a node, and selects the longest of them. */
export function pointAtNode(context: PointContext, node: number): void {
  const { graph } = context;
  const label = graph.nodes[node]?.label ?? { text: undefined };
  point(context, spansOfNode(graph, node), { kind: 'node', nodes: graph.nodesAre, label });
}

/** Marks the called spans of an edge, and selects the longest of them. */
export function pointAtEdge(context: PointContext, edge: number): void {
  const { graph, state } = context;
  const { from = -1, to = -1 } = graph.edges[edge] ?? {};
  const labelOf = (node: number) => graph.nodes[node]?.label ?? { text: undefined };
  const mark = {
    kind: 'calls',
    nodes: graph.nodesAre,
    from: labelOf(from),
    to: labelOf(to),
  } as const;
  point(context, spansOfEdge(state.view.get(), graph, edge), mark);
}

export function spansOfNode(graph: CallGraph, node: number): MarkedSpans {
  const { nodeOfSpan } = graph;
  const spans = Uint32Array.from(nodeOfSpan.keys()).filter((index) => nodeOfSpan[index] === node);
  return { spans, label: nameOfNode(graph, node) };
}

/** Those that were called. */
export function spansOfEdge(view: TraceView, graph: CallGraph, edge: number): MarkedSpans {
  const { nodeOfSpan, edges } = graph;
  const { parents } = view.tree;
  const { from = -1, to = -1 } = edges[edge] ?? {};
  const spans = Uint32Array.from(nodeOfSpan.keys()).filter(
    (index) => nodeOfSpan[index] === to && nodeOfSpan[parents[index] ?? -1] === from,
  );
  return { spans, label: `${nameOfNode(graph, from)} → ${nameOfNode(graph, to)}` };
}

export function nameOfNode({ nodes }: CallGraph, node: number): string {
  const one = nodes[node];
  return one === undefined ? '' : isolatedText(describeNode(one).title);
}

export function titleOfEdge(graph: CallGraph, at: number): string {
  const edge = graph.edges[at];
  if (edge === undefined) return '';
  const words = messages.trace.graph.edge(edge.callCount, edge.errorCount, edge.totalNs);
  return `${nameOfNode(graph, edge.from)} → ${nameOfNode(graph, edge.to)}: ${words}`;
}

function point({ state, find }: PointContext, marked: MarkedSpans, mark: SpanMark): void {
  const { durationsNs } = state.view.get();
  let longest: number | undefined;
  for (const index of marked.spans) {
    if (longest === undefined || (durationsNs[index] ?? 0) > (durationsNs[longest] ?? 0)) {
      longest = index;
    }
  }
  find.point(state, { ...marked, mark });
  if (longest !== undefined) state.select(longest);
}
