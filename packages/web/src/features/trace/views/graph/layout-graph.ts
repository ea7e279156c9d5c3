/** Places of a graph's boxes and arrows, from left to right: callers before those they call, as far as there is no circle. */
import { Graph, layout } from '@dagrejs/dagre';

export interface GraphToLayout {
  readonly nodes: readonly { readonly widthPx: number; readonly heightPx: number }[];
  readonly edges: readonly {
    readonly from: number;
    readonly to: number;
    readonly labelWidthPx: number;
  }[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface GraphLayout {
  readonly widthPx: number;
  readonly heightPx: number;
  /** The middle of each node. */
  readonly nodes: readonly Point[];
  readonly edges: readonly { readonly points: readonly Point[]; readonly label: Point }[];
}

const LABEL_HEIGHT_PX = 16;

export function layoutGraph({ nodes, edges }: GraphToLayout): GraphLayout {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({
    rankdir: 'LR',
    ranksep: 44,
    nodesep: 22,
    edgesep: 12,
    marginx: 16,
    marginy: 16,
  });
  nodes.forEach(({ widthPx, heightPx }, at) =>
    graph.setNode(String(at), { width: widthPx, height: heightPx }),
  );
  edges.forEach(({ from, to, labelWidthPx }, at) =>
    graph.setEdge(
      String(from),
      String(to),
      { width: labelWidthPx, height: LABEL_HEIGHT_PX, labelpos: 'c' },
      String(at),
    ),
  );
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    widthPx: width,
    heightPx: height,
    nodes: nodes.map((_, at) => pointOf(graph.node(String(at)) as Partial<Point>)),
    edges: edges.map(({ from, to }, at) => {
      const edge = graph.edge(String(from), String(to), String(at)) as Partial<Point> & {
        readonly points?: readonly Point[];
      };
      return { points: (edge.points ?? []).map(pointOf), label: pointOf(edge) };
    }),
  };
}

/** Plain, so that it can be sent from a worker. */
function pointOf({ x = 0, y = 0 }: Partial<Point>): Point {
  return { x, y };
}
