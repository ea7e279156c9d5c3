import { isSameLabel } from '../../../state/span-mark.ts';
import type { SpanMark } from '../../../state/span-mark.ts';
import { pickCallGraphQuestion } from '../../../trace/graph/build-call-graph.ts';
import type { CallGraph } from '../../../trace/graph/build-call-graph.ts';
import type { GroupLabel } from '../../../trace/groups/group-spans.ts';
import { spansOfGroup } from '../../../trace/groups/summarize-groups.ts';
import { pickGroupQuestion } from '../../../trace/groups/tabulate-groups.ts';
import type { TraceView } from '../../../trace/trace-view.ts';
import type { TraceClient } from '../trace-client.ts';
import { spansOfEdge, spansOfNode } from '../views/graph/point-at-calls.ts';
import type { MarkedSpans } from '../views/graph/point-at-calls.ts';
import { describeLabel } from '../views/statistics/describe-label.ts';
import { readAttributeValues } from '../read-attribute-values.ts';
import { runJob } from '../worker/run-job.ts';

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
    const values =
      typeof by === 'string'
        ? by
        : await readAttributeValues(client, view, { attribute: by, signal });
    const question = pickGroupQuestion(view, values);
    const { groups, figures } = await runJob('groups', question, { signal });
    const { labels } = groups;
    const group = labels.findIndex((one) => isSameLabel(one, label));
    if (group < 0) return undefined;
    return { spans: spansOfGroup(figures, group), label: describeLabel(label) };
  }
  const question = pickCallGraphQuestion(view, mark.nodes);
  const graph = await runJob('graph', question, { signal });
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
