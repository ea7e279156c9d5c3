/** Lays a graph out beside the page, which stays usable meanwhile: 300 nodes take seconds. */
import { layoutGraph } from './layout-graph.ts';
import type { GraphLayout, GraphToLayout } from './layout-graph.ts';

export type LayoutAnswer =
  | { readonly type: 'layout'; readonly layout: GraphLayout }
  | { readonly type: 'failure'; readonly message: string };

addEventListener('message', ({ data }: MessageEvent<GraphToLayout>) => {
  postMessage(answer(data));
});

function answer(graph: GraphToLayout): LayoutAnswer {
  try {
    return { type: 'layout', layout: layoutGraph(graph) };
  } catch (error) {
    return { type: 'failure', message: error instanceof Error ? error.message : String(error) };
  }
}
