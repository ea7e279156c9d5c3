import type { KeyboardEvent, ReactNode } from 'react';
import { serviceColorIndex } from '../../../../base/service-color.ts';
import type { CanvasTheme } from '../../../../canvas/canvas-theme.ts';
import type { CallNode } from '../../../../trace/graph/build-call-graph.ts';
import type { Point } from './layout-graph.ts';
import { NODE_PADDING_PX, describeNode } from './measure-graph.ts';

export interface GraphNodeProps {
  readonly node: CallNode;
  readonly place: Point | undefined;
  readonly size: { readonly widthPx: number; readonly heightPx: number } | undefined;
  readonly theme: CanvasTheme;
  readonly isSelected: boolean;
  readonly isFaint: boolean;
  readonly onClick: () => void;
}

const LINE_PX = 17;
/** Of what is spent in the node, along its lower edge. */
const BAR_PX = 4;

/** A box with what the node is, how many spans it has and which share of the time is its own. */
export function GraphNode(props: GraphNodeProps): ReactNode {
  const { node, place, size, theme, isSelected, isFaint, onClick } = props;
  if (place === undefined || size === undefined) return undefined;
  const text = describeNode(node);
  const { widthPx, heightPx } = size;
  const color = serviceColorIndex(node.label.service ?? '');
  const solid = theme.serviceSolid[color];
  const [fontSize = '12px', ...family] = theme.font.split(' ');
  const lines = [
    ...(text.service === undefined ? [] : [{ words: text.service, fill: theme.textMuted }]),
    { words: text.title, fill: theme.text },
    { words: text.facts, fill: theme.textMuted },
    ...(text.failed === undefined ? [] : [{ words: `⚠ ${text.failed}`, fill: theme.error }]),
  ];
  const roomLetters = Math.floor((widthPx - 2 * NODE_PADDING_PX) / 6);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    onClick();
  };
  return (
    <g
      className="graph-node"
      role="button"
      tabIndex={0}
      aria-pressed={isSelected}
      aria-label={lines.map(({ words }) => words).join(', ')}
      transform={`translate(${place.x - widthPx / 2} ${place.y - heightPx / 2})`}
      opacity={isFaint ? 0.35 : 1}
      fontFamily={family.join(' ')}
      fontSize={fontSize}
      onClick={onClick}
      onKeyDown={onKeyDown}
    >
      <title>{lines.map(({ words }) => words).join('\n')}</title>
      <rect
        width={widthPx}
        height={heightPx}
        rx={4}
        fill={isSelected ? theme.selected : theme.background}
        stroke={isSelected ? theme.accent : theme.lineStrong}
        strokeWidth={isSelected ? 2 : 1}
      />
      <rect x={1} y={1} width={4} height={heightPx - 2} fill={solid} />
      <rect
        x={5}
        y={heightPx - BAR_PX - 1}
        width={Math.max(0, (widthPx - 6) * Math.min(1, node.selfShare))}
        height={BAR_PX}
        fill={solid}
      />
      {lines.map(({ words, fill }, at) => (
        <text
          key={words}
          x={NODE_PADDING_PX + 4}
          y={7 + LINE_PX * (at + 0.75)}
          fill={fill}
          fontWeight={words === text.title ? 500 : 400}
        >
          {words.length > roomLetters + 6 ? `${words.slice(0, roomLetters)}…` : words}
        </text>
      ))}
    </g>
  );
}
