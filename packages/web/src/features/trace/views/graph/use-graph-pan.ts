import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';
import type { GraphPlace } from '../../../../state/place-state.ts';
import type { Store } from '../../../../state/store.ts';
import { focusUnlessTab } from '../../../../ui/focus-unless-tab.ts';
import { GraphPan } from './graph-pan.ts';
import type { GraphLayout } from './layout-graph.ts';

export interface GraphPanOptions {
  readonly frame: RefObject<HTMLElement | null>;
  readonly svg: RefObject<SVGSVGElement | null>;
  readonly layout: GraphLayout;
  readonly place: Store<GraphPlace | undefined>;
}

/** Lets the picture be moved and zoomed. */
export function useGraphPan(options: GraphPanOptions): RefObject<GraphPan | undefined> {
  const { frame, svg, layout, place } = options;
  const pan = useRef<GraphPan | undefined>(undefined);
  useEffect(() => {
    const content = svg.current?.querySelector('g') ?? undefined;
    if (frame.current === null || content === undefined) return undefined;
    const mounted = new GraphPan({ frame: frame.current, content, size: layout, place });
    pan.current = mounted;
    focusUnlessTab(frame.current);
    return () => {
      pan.current = undefined;
      mounted[Symbol.dispose]();
    };
  }, [frame, svg, layout, place]);
  return pan;
}
