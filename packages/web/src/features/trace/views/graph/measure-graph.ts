import { visibleText } from '../../../../base/visible-text.ts';
import { formatCount, formatShare } from '../../../../base/format.ts';
import type { CanvasTheme } from '../../../../canvas/canvas-theme.ts';
import { messages } from '../../../../messages/messages.ts';
import type { CallEdge, CallGraph, CallNode } from '../../../../trace/graph/build-call-graph.ts';
import type { GraphToLayout } from './layout-graph.ts';

const TEXTS = messages.trace.graph;

/** What is written into a node. */
export interface NodeText {
  readonly title: string;
  /** Above the title, where that is a span's name. */
  readonly service: string | undefined;
  readonly facts: string;
  readonly failed: string | undefined;
}

export const NODE_PADDING_PX = 10;
const MIN_WIDTH_PX = 110;
const MAX_WIDTH_PX = 260;
const LINE_PX = 17;

export function describeNode({ label, mergedCount, ...node }: CallNode): NodeText {
  const { text, service } = label;
  const title = mergedCount > 0 ? TEXTS.others(mergedCount) : (text ?? service ?? '');
  return {
    title: title === '' ? messages.trace.noName : visibleText(title),
    service: text === undefined || service === undefined ? undefined : visibleText(service),
    facts: `${TEXTS.spans(node.spanCount)} · ${formatShare(node.selfShare)}`,
    failed: node.errorCount > 0 ? TEXTS.errors(node.errorCount) : undefined,
  };
}

export function describeCalls({ callCount }: CallEdge): string {
  return `${formatCount(callCount)}×`;
}

function describeEdge(edge: CallEdge): string {
  const calls = describeCalls(edge);
  return edge.errorCount > 0 ? `${calls}, ${TEXTS.errors(edge.errorCount)}` : calls;
}

/** How many lines a node has. */
export function countLines({ service, failed }: NodeText): number {
  return 2 + (service === undefined ? 0 : 1) + (failed === undefined ? 0 : 1);
}

export function nodeHeightPx(text: NodeText): number {
  return countLines(text) * LINE_PX + 14;
}

/** Measures the boxes and labels by the font they will be written in. */
export function measureGraph({ nodes, edges }: CallGraph, { font }: CanvasTheme): GraphToLayout {
  const context = document.createElement('canvas').getContext('2d');
  if (context !== null) context.font = font;
  const widthOf = (text: string) => context?.measureText(text).width ?? text.length * 7;
  return {
    nodes: nodes.map((node) => {
      const text = describeNode(node);
      const texts = [text.title, text.service ?? '', text.facts, text.failed ?? ''];
      const needPx = Math.max(...texts.map(widthOf)) + 2 * NODE_PADDING_PX + 14;
      return {
        widthPx: Math.round(Math.min(Math.max(needPx, MIN_WIDTH_PX), MAX_WIDTH_PX)),
        heightPx: nodeHeightPx(text),
      };
    }),
    edges: edges.map((edge) => ({
      from: edge.from,
      to: edge.to,
      labelWidthPx: Math.round(widthOf(describeEdge(edge)) + 8),
    })),
  };
}
