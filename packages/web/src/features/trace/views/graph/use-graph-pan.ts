import { useEffect, useEffectEvent, useRef } from 'react';
import type { RefObject } from 'react';
import { focusUnlessTab } from '../../../../ui/focus-unless-tab.ts';
import { saveFile } from '../save-file.ts';
import { GraphPan } from './graph-pan.ts';
import type { GraphLayout } from './layout-graph.ts';

export interface GraphPanOptions {
  readonly frame: RefObject<HTMLElement | null>;
  readonly svg: RefObject<SVGSVGElement | null>;
  readonly layout: GraphLayout;
  readonly traceId: string;
  /** Gets how to save the picture, while there is one. */
  readonly setSaver: (save: (() => void) | undefined) => void;
}

/** Lets the picture be moved and zoomed, and saved. */
export function useGraphPan(options: GraphPanOptions): RefObject<GraphPan | undefined> {
  const { frame, svg, layout, traceId } = options;
  const pan = useRef<GraphPan | undefined>(undefined);
  const setSaver = useEffectEvent((save: (() => void) | undefined) => options.setSaver(save));
  useEffect(() => {
    const picture = svg.current;
    const content = picture?.querySelector('g') ?? undefined;
    if (frame.current === null || picture === null || content === undefined) return undefined;
    const mounted = new GraphPan(frame.current, content, layout);
    pan.current = mounted;
    setSaver(() => saveSvg(picture, layout, `trace-${traceId}-graph.svg`));
    focusUnlessTab(frame.current);
    return () => {
      pan.current = undefined;
      setSaver(undefined);
      mounted[Symbol.dispose]();
    };
  }, [frame, svg, layout, traceId]);
  return pan;
}

/** All of the picture, at the size it is meant to have. */
function saveSvg(svg: SVGSVGElement, { widthPx, heightPx }: GraphLayout, name: string): void {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.removeAttribute('class');
  copy.querySelector('g')?.removeAttribute('transform');
  copy.setAttribute('width', String(widthPx));
  copy.setAttribute('height', String(heightPx));
  copy.setAttribute('viewBox', `0 0 ${widthPx} ${heightPx}`);
  const text = new XMLSerializer().serializeToString(copy);
  saveFile(new Blob([text], { type: 'image/svg+xml' }), name);
}
