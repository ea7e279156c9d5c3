import { useMemo, useRef } from 'react';
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import type { CanvasTheme } from '../../../../canvas/canvas-theme.ts';
import { messages } from '../../../../messages/messages.ts';
import type { GraphPlace } from '../../../../state/place-state.ts';
import type { Store } from '../../../../state/store.ts';
import type { CallGraph } from '../../../../trace/graph/build-call-graph.ts';
import { Button } from '../../../../ui/button.tsx';
import type { CommandSection } from '../../../../ui/command-table.ts';
import { useCommands } from '../../../../ui/commands.tsx';
import { usePictureSource } from '../../export/picture-source.ts';
import { GraphEdge, GraphEdgeLabel } from './graph-edge.tsx';
import { GraphNode } from './graph-node.tsx';
import type { GraphPan } from './graph-pan.ts';
import { createGraphSource } from './graph-picture.ts';
import type { GraphLayout, GraphToLayout } from './layout-graph.ts';
import { titleOfEdge } from './point-at-calls.ts';
import { useGraphPan } from './use-graph-pan.ts';

const TEXTS = messages.trace.graph;

/** The picture has these keys while it has the focus. */
const KEYS: CommandSection = {
  title: TEXTS.keys.title,
  reach: 'view',
  commands: [
    { name: TEXTS.keys.zoom, keys: ['+', '-'] },
    { name: TEXTS.keys.move, keys: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] },
    { name: TEXTS.keys.fit, keys: ['0'] },
    { name: TEXTS.keys.open, keys: ['Enter'] },
  ],
};

export interface GraphCanvasProps {
  readonly graph: CallGraph;
  readonly measured: GraphToLayout;
  readonly layout: GraphLayout;
  readonly theme: CanvasTheme;
  readonly selected: number | undefined;
  /** 1 for the nodes with a span that is looked for. */
  readonly found: Uint8Array | undefined;
  readonly place: Store<GraphPlace | undefined>;
  readonly onNode: (node: number) => void;
  readonly onEdge: (edge: number) => void;
}

const STEP_PX = 60;
const ZOOM_STEP = 1.3;

const COMMANDS: Readonly<Record<string, (pan: GraphPan) => void>> = {
  '+': (pan) => pan.zoom(ZOOM_STEP),
  '=': (pan) => pan.zoom(ZOOM_STEP),
  '-': (pan) => pan.zoom(1 / ZOOM_STEP),
  0: (pan) => pan.fit(),
  ArrowLeft: (pan) => pan.moveBy(STEP_PX, 0),
  ArrowRight: (pan) => pan.moveBy(-STEP_PX, 0),
  ArrowUp: (pan) => pan.moveBy(0, STEP_PX),
  ArrowDown: (pan) => pan.moveBy(0, -STEP_PX),
};

/** The picture of the graph. All colours are in its attributes, so that it stands for itself when it is saved. */
export function GraphCanvas(props: GraphCanvasProps): ReactNode {
  const { graph, measured, layout, theme, selected, found } = props;
  useCommands(KEYS);
  const frame = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const pan = useGraphPan({ frame, svg, layout, place: props.place });
  const content = useRef<SVGGElement>(null);
  useGraphSource({ content, layout, theme });
  const onKeyDown = (event: KeyboardEvent) => {
    const command = COMMANDS[event.key];
    if (command === undefined || pan.current === undefined || event.ctrlKey || event.metaKey)
      return;
    event.preventDefault();
    command(pan.current);
  };
  return (
    <div
      ref={frame}
      className="graph-frame"
      role="group"
      aria-label={TEXTS.picture}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <svg ref={svg} className="graph-picture" xmlns="http://www.w3.org/2000/svg">
        <g ref={content}>
          {graph.edges.map((edge, at) => (
            <GraphEdge
              key={`${edge.from} ${edge.to}`}
              edge={edge}
              place={layout.edges[at]}
              title={titleOfEdge(graph, at)}
              theme={theme}
              onClick={() => props.onEdge(at)}
            />
          ))}
          {graph.edges.map((edge, at) => (
            <GraphEdgeLabel
              key={`label ${edge.from} ${edge.to}`}
              edge={edge}
              place={layout.edges[at]}
              widthPx={measured.edges[at]?.labelWidthPx ?? 0}
              title={titleOfEdge(graph, at)}
              theme={theme}
              onClick={() => props.onEdge(at)}
            />
          ))}
          {graph.nodes.map((node, at) => (
            <GraphNode
              key={`${node.label.service ?? ''} ${node.label.text ?? ''}`}
              node={node}
              place={layout.nodes[at]}
              size={measured.nodes[at]}
              theme={theme}
              isSelected={selected === at}
              isFaint={found !== undefined && found[at] !== 1}
              onClick={() => props.onNode(at)}
            />
          ))}
        </g>
      </svg>
      <ZoomButtons pan={pan} />
    </div>
  );
}

function useGraphSource({
  content,
  layout,
  theme,
}: {
  readonly content: RefObject<SVGGElement | null>;
  readonly layout: GraphLayout;
  readonly theme: CanvasTheme;
}): void {
  const source = useMemo(
    () =>
      createGraphSource(() => {
        if (content.current === null) throw new Error('the graph is not on the page');
        return { content: content.current, layout, theme };
      }),
    [content, layout, theme],
  );
  usePictureSource(source);
}

function ZoomButtons({ pan }: { readonly pan: RefObject<GraphPan | undefined> }): ReactNode {
  return (
    <div className="graph-zoom">
      <Button
        aria-label={TEXTS.zoomIn}
        title={`${TEXTS.zoomIn} (+)`}
        onClick={() => pan.current?.zoom(ZOOM_STEP)}
      >
        {TEXTS.zoomInSign}
      </Button>
      <Button
        aria-label={TEXTS.zoomOut}
        title={`${TEXTS.zoomOut} (-)`}
        onClick={() => pan.current?.zoom(1 / ZOOM_STEP)}
      >
        {TEXTS.zoomOutSign}
      </Button>
      <Button title={`${TEXTS.fit} (0)`} onClick={() => pan.current?.fit()}>
        {TEXTS.fit}
      </Button>
    </div>
  );
}
