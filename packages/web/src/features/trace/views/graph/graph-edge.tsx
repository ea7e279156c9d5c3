import type { ReactNode } from 'react';
import type { CanvasTheme } from '../../../../canvas/canvas-theme.ts';
import { messages } from '../../../../messages/messages.ts';
import type { CallEdge } from '../../../../trace/graph/build-call-graph.ts';
import type { GraphLayout, Point } from './layout-graph.ts';
import { describeCalls } from './measure-graph.ts';

export interface GraphEdgeLabelProps {
  readonly edge: CallEdge;
  readonly place: GraphLayout['edges'][number] | undefined;
  readonly widthPx: number;
  readonly title: string;
  readonly theme: CanvasTheme;
  readonly onClick: () => void;
}

export interface GraphEdgeProps {
  readonly edge: CallEdge;
  readonly place: GraphLayout['edges'][number] | undefined;
  /** What it says when it is pointed at. */
  readonly title: string;
  readonly theme: CanvasTheme;
  readonly onClick: () => void;
}

const MAX_WIDTH_PX = 6;
const ARROW_PX = 7;

/** An arrow from the caller to the called: the thicker the more calls there are, with a red line in it as wide as the share that failed. */
export function GraphEdge(props: GraphEdgeProps): ReactNode {
  const { edge, place, title, theme, onClick } = props;
  if (place === undefined || place.points.length < 2) return undefined;
  const widthPx = Math.min(1.2 + Math.log2(edge.callCount) / 2, MAX_WIDTH_PX);
  const failedPx = Math.max(1, (widthPx * edge.errorCount) / edge.callCount);
  const curve = curveOf(place.points);
  return (
    <g className="graph-edge" onClick={onClick}>
      <title>{title}</title>
      <path d={curve} fill="none" stroke="transparent" strokeWidth={12} />
      <path
        d={curve}
        fill="none"
        stroke={theme.textFaint}
        strokeOpacity={0.55}
        strokeWidth={widthPx}
      />
      {edge.errorCount > 0 ? (
        <path d={curve} fill="none" stroke={theme.error} strokeWidth={failedPx} />
      ) : undefined}
      <path d={arrowOf(place.points)} fill={theme.textFaint} />
    </g>
  );
}

const LABEL_PX = 16;

/** How many calls, on a ground of its own: drawn after all lines, so that none shows through its words. */
export function GraphEdgeLabel(props: GraphEdgeLabelProps): ReactNode {
  const { edge, place, widthPx, title, theme, onClick } = props;
  if (place === undefined || place.points.length < 2) return undefined;
  const [fontSize = '12px', ...family] = theme.font.split(' ');
  const { x, y } = place.label;
  return (
    <g className="graph-edge" onClick={onClick} fontFamily={family.join(' ')} fontSize={fontSize}>
      <title>{title}</title>
      <rect
        x={x - widthPx / 2}
        y={y - LABEL_PX / 2}
        width={widthPx}
        height={LABEL_PX}
        rx={3}
        fill={theme.background}
      />
      <text x={x} y={y + 4} textAnchor="middle" fill={theme.textMuted}>
        {describeCalls(edge)}
        {edge.errorCount > 0 ? (
          <tspan fill={theme.error}>{`, ${messages.trace.graph.errors(edge.errorCount)}`}</tspan>
        ) : undefined}
      </text>
    </g>
  );
}

/** Through the middles between the points, bent at the points. */
function curveOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let path = `M${first.x} ${first.y}`;
  rest.forEach((point, at) => {
    const next = rest[at + 1];
    if (next === undefined) path += `L${point.x} ${point.y}`;
    else path += `Q${point.x} ${point.y} ${(point.x + next.x) / 2} ${(point.y + next.y) / 2}`;
  });
  return path;
}

function arrowOf(points: readonly Point[]): string {
  const tip = points.at(-1) ?? { x: 0, y: 0 };
  const before = points.at(-2) ?? tip;
  const angle = Math.atan2(tip.y - before.y, tip.x - before.x);
  const corner = (turn: number) => {
    const x = tip.x - ARROW_PX * Math.cos(angle + turn);
    const y = tip.y - ARROW_PX * Math.sin(angle + turn);
    return `${x} ${y}`;
  };
  return `M${tip.x} ${tip.y}L${corner(0.45)}L${corner(-0.45)}Z`;
}
