/** Who called whom in a trace, how often, with how many failures and for how long. */
import { groupByOperation, groupByService } from '../groups/group-spans.ts';
import type { GroupLabel, OperationSource, SpanGroups } from '../groups/group-spans.ts';
import { summarizeGroups } from '../groups/summarize-groups.ts';
import type { FigureSource } from '../groups/summarize-groups.ts';
import type { TraceView } from '../trace-view.ts';

export const GRAPH_NODES = ['service', 'operation'] as const;
export type GraphNodes = (typeof GRAPH_NODES)[number];

export interface CallNode {
  readonly label: GroupLabel;
  /** How many services or names a node stands for that did not get one of their own; 0 for an ordinary node. */
  readonly mergedCount: number;
  readonly spanCount: number;
  readonly errorCount: number;
  readonly selfTimeNs: number;
  /** Of the self times of all spans. */
  readonly selfShare: number;
}

/** Calls from one node to another: parents there, children here. */
export interface CallEdge {
  readonly from: number;
  readonly to: number;
  readonly callCount: number;
  readonly errorCount: number;
  /** The durations of the called spans together. */
  readonly totalNs: number;
}

export interface CallGraph {
  /** What the nodes are: services, too, where there would be too many operations. */
  readonly nodesAre: GraphNodes;
  readonly nodes: readonly CallNode[];
  readonly edges: readonly CallEdge[];
  readonly nodeOfSpan: Uint32Array;
  /** Operations that there would be, when they were too many. */
  readonly refusedCount: number | undefined;
}

/** A layout of more takes seconds, and nobody reads it. */
export const MAX_NODES = 300;

/** What is needed of a trace: as much as is sent to a worker. */
export interface CallGraphQuestion extends OperationSource, FigureSource {
  readonly wanted: GraphNodes;
  readonly tree: Pick<TraceView['tree'], 'parents'>;
}

export function pickCallGraphQuestion(view: TraceView, wanted: GraphNodes): CallGraphQuestion {
  const { services, serviceIndexes, spanCount, durationsNs, errors } = view;
  const { names, nameIndexes } = view.columns;
  return {
    wanted,
    services,
    serviceIndexes,
    spanCount,
    durationsNs,
    errors,
    columns: { names, nameIndexes },
    coverage: { selfTimesNs: view.coverage.selfTimesNs },
    tree: { parents: view.tree.parents },
  };
}

export function buildCallGraph(view: CallGraphQuestion): CallGraph {
  const { wanted } = view;
  const operations = wanted === 'operation' ? groupByOperation(view) : undefined;
  const operationCount = operations?.labels.length ?? 0;
  const isRefused = operationCount > MAX_NODES;
  const nodesAre = operations === undefined || isRefused ? 'service' : 'operation';
  const groups =
    nodesAre === 'operation' && operations !== undefined ? operations : groupByService(view);
  const { nodes, nodeOfGroup } = makeNodes(view, groups);
  const nodeOfSpan = groups.groupOf.map((group) => nodeOfGroup[group] ?? 0);
  return {
    nodesAre,
    nodes,
    edges: countCalls(view, nodeOfSpan, nodes.length),
    nodeOfSpan,
    refusedCount: isRefused ? operationCount : undefined,
  };
}

interface Nodes {
  readonly nodes: readonly CallNode[];
  readonly nodeOfGroup: Uint32Array;
}

/** A node for each group that has spans; of more than `MAX_NODES` those with the least total time share the last one. */
function makeNodes(view: FigureSource, groups: SpanGroups): Nodes {
  const figures = summarizeGroups(view, groups);
  const present = groups.labels.map((_, group) => group).filter((group) => figures.counts[group]);
  const byTime = present.toSorted(
    (a, b) => (figures.totalsNs[b] ?? 0) - (figures.totalsNs[a] ?? 0) || a - b,
  );
  const ownCount = present.length > MAX_NODES ? MAX_NODES - 1 : present.length;
  const nodeOfGroup = new Uint32Array(groups.labels.length);
  byTime.forEach((group, rank) => (nodeOfGroup[group] = Math.min(rank, ownCount)));
  const nodes = byTime
    .slice(0, ownCount)
    .map((group) =>
      toNode({ label: groups.labels[group] ?? { text: undefined }, groups: [group], figures }),
    );
  const rest = byTime.slice(ownCount);
  if (rest.length > 0) nodes.push(toNode({ label: { text: undefined }, groups: rest, figures }));
  return { nodes, nodeOfGroup };
}

function toNode({
  label,
  groups,
  figures,
}: {
  readonly label: GroupLabel;
  readonly groups: readonly number[];
  readonly figures: ReturnType<typeof summarizeGroups>;
}): CallNode {
  const sum = (values: ArrayLike<number>) =>
    groups.reduce((total, group) => total + (values[group] ?? 0), 0);
  const selfTimeNs = sum(figures.selfTimesNs);
  return {
    label,
    mergedCount: groups.length > 1 ? groups.length : 0,
    spanCount: sum(figures.counts),
    errorCount: sum(figures.errorCounts),
    selfTimeNs,
    selfShare: figures.selfTimeNs === 0 ? 0 : selfTimeNs / figures.selfTimeNs,
  };
}

/** Calls inside of a node are no edge. */
function countCalls(
  view: CallGraphQuestion,
  nodeOfSpan: Uint32Array,
  nodeCount: number,
): CallEdge[] {
  const { tree, errors, durationsNs, spanCount } = view;
  const edges = new Map<number, { callCount: number; errorCount: number; totalNs: number }>();
  for (let index = 0; index < spanCount; index++) {
    const parent = tree.parents[index] ?? -1;
    if (parent < 0) continue;
    const from = nodeOfSpan[parent] ?? 0;
    const to = nodeOfSpan[index] ?? 0;
    if (from === to) continue;
    const key = from * nodeCount + to;
    let edge = edges.get(key);
    if (edge === undefined) edges.set(key, (edge = { callCount: 0, errorCount: 0, totalNs: 0 }));
    edge.callCount++;
    edge.errorCount += errors[index] ?? 0;
    edge.totalNs += durationsNs[index] ?? 0;
  }
  return Array.from(edges, ([key, edge]) => ({
    from: Math.floor(key / nodeCount),
    to: key % nodeCount,
    ...edge,
  }));
}
