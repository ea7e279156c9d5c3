import { isSameLabel } from '../../../state/span-mark.ts';
import type { SpanMark } from '../../../state/span-mark.ts';
import { buildCallGraph } from '../../../trace/graph/build-call-graph.ts';
import type { CallGraph } from '../../../trace/graph/build-call-graph.ts';
import { groupByValue, groupSpans } from '../../../trace/groups/group-spans.ts';
import type { GroupLabel } from '../../../trace/groups/group-spans.ts';
import type { TraceView } from '../../../trace/trace-view.ts';
import type { TraceClient } from '../trace-client.ts';
import { spansOfEdge, spansOfNode } from '../views/graph/point-at-calls.ts';
import type { MarkedSpans } from '../views/graph/point-at-calls.ts';
import { describeLabel } from '../views/statistics/describe-label.ts';
import { readAttributeValues } from '../read-attribute-values.ts';

export interface ResolveOptions {
  readonly client: TraceClient;
  readonly view: TraceView;
  readonly signal: AbortSignal;
}

/** The spans that an address says were pointed at; undefined when the trace has none such. */
export async function resolveMark(
  mark: SpanMark,
  { client, view, signal }: ResolveOptions,
): Promise<MarkedSpans | undefined> {
  if (mark.kind === 'group') {
    const { by, label } = mark;
    const { labels, groupOf } =
      typeof by === 'string'
        ? groupSpans(view, by)
        : groupByValue(await readAttributeValues(client, view, { attribute: by, signal }));
    const group = labels.findIndex((one) => isSameLabel(one, label));
    if (group < 0) return undefined;
    const spans = Uint32Array.from(groupOf.keys()).filter((index) => groupOf[index] === group);
    return { spans, label: describeLabel(label) };
  }
  const graph = buildCallGraph(view, mark.nodes);
  if (mark.kind === 'node') {
    const node = findNode(graph, mark.label);
    return node < 0 ? undefined : spansOfNode(graph, node);
  }
  const from = findNode(graph, mark.from);
  const to = findNode(graph, mark.to);
  const edge = graph.edges.findIndex((one) => one.from === from && one.to === to);
  return edge < 0 ? undefined : spansOfEdge(view, graph, edge);
}

function findNode({ nodes }: CallGraph, label: GroupLabel): number {
  return nodes.findIndex((node) => isSameLabel(node.label, label));
}
