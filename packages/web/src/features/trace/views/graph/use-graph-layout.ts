import { useEffect, useState } from 'react';
import type { GraphLayout, GraphToLayout } from './layout-graph.ts';
import type { LayoutAnswer } from './layout-graph.worker.ts';

export interface LaidOutGraph {
  /** Undefined until it is there. */
  readonly layout: GraphLayout | undefined;
  readonly problem: string | undefined;
}

const PENDING: LaidOutGraph = { layout: undefined, problem: undefined };

/** Lays a graph out in a worker, which ends with its answer or when another graph is asked for. */
export function useGraphLayout(graph: GraphToLayout): LaidOutGraph {
  const [laidOut, setLaidOut] = useState<LaidOutGraph & { readonly of?: GraphToLayout }>(PENDING);
  useEffect(() => {
    const worker = new Worker(new URL('./layout-graph.worker.ts', import.meta.url), {
      type: 'module',
    });
    worker.addEventListener('message', ({ data }: MessageEvent<LayoutAnswer>) => {
      setLaidOut(
        data.type === 'layout'
          ? { layout: data.layout, problem: undefined, of: graph }
          : { layout: undefined, problem: data.message, of: graph },
      );
      worker.terminate();
    });
    worker.addEventListener('error', (event) => {
      setLaidOut({ layout: undefined, problem: event.message, of: graph });
    });
    worker.postMessage(graph);
    return () => worker.terminate();
  }, [graph]);
  return laidOut.of === graph ? laidOut : PENDING;
}
