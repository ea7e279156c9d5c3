import { TimeScale } from '../../../../base/time-scale.ts';
import { captionHeightPx, drawCaption } from '../../../../canvas/picture/caption.ts';
import type { Caption } from '../../../../canvas/picture/caption.ts';
import { drawPart } from '../../../../canvas/picture/picture.ts';
import type { Picture } from '../../../../canvas/picture/picture.ts';
import type { DrawContext } from '../../../../canvas/draw-context.ts';
import { visibleRows } from '../../../../canvas/row-window.ts';
import type { RowWindow } from '../../../../canvas/row-window.ts';
import { chooseTicks, drawRuler } from '../../../../canvas/ruler.ts';
import { drawTree } from '../../../../canvas/tree.ts';
import { drawWaterfall } from '../../../../canvas/waterfall.ts';
import { messages } from '../../../../messages/messages.ts';
import { groupColors } from '../../../../trace/color-spans.ts';
import { nameColorGroup } from '../name-color-group.ts';
import { shownPath } from '../timeline-context.ts';
import type { TimelineContext } from '../timeline-context.ts';
import {
  LEFT_INSET_PX,
  RIGHT_INSET_PX,
  ROW_HEIGHT_PX,
  RULER_HEIGHT_PX,
} from '../timeline-layout.ts';

/** A picture is looked at elsewhere, so that one of a narrow screen is drawn wider. */
const MIN_WIDTH_PX = 960;
const MIN_TREE_WIDTH_PX = 280;
const FOOT_PX = 28;
/** More than one line has room for. */
const MAX_KEYS = 40;

/**
 * The timeline as it is, with all of its rows: the same stretch of time, the same folding, colours and selection. With more rows than
 * `maxRows`, those around what is in view.
 */
export function makeTimelinePicture(
  context: TimelineContext,
  caption: Caption,
  maxRows: number,
): Picture {
  const { state, layout, theme: themeStore } = context;
  const theme = themeStore.get();
  const { treeWidthPx: treePx, waterfallWidthPx } = layout.sizes.get();
  const widthPx = Math.max(treePx + waterfallWidthPx, MIN_WIDTH_PX);
  const treeWidthPx = Math.min(Math.max(treePx, MIN_TREE_WIDTH_PX), widthPx / 2);
  const window = chooseRows(layout.window, maxRows);
  const groups = groupColors(state.view.get(), state.coloring.get(), state.colorValues.get()) ?? [];
  const keys = groups
    .slice(0, MAX_KEYS)
    .map((group) => ({ label: nameColorGroup(group), color: group.color }));
  const headed = { ...caption, keys };
  const headPx = captionHeightPx(headed) + RULER_HEIGHT_PX;
  const isCut = window.heightPx < window.rowCount * ROW_HEIGHT_PX;
  return {
    title: caption.title,
    widthPx,
    heightPx: headPx + window.heightPx + (isCut ? FOOT_PX : 0),
    background: theme.background,
    draw: (canvas) => {
      drawCaption(canvas, headed, { widthPx, theme, text: context.text });
      drawParts(canvas, context, { widthPx, treeWidthPx, headPx, window });
      if (isCut) drawFoot(canvas, context, { topPx: headPx + window.heightPx, window });
    },
  };
}

/** All rows, or as many as there may be, from the first one in view on as far as they reach. */
function chooseRows(shown: RowWindow, maxRows: number): RowWindow {
  const { rowCount } = shown;
  const count = Math.min(rowCount, maxRows);
  const first = Math.min(visibleRows(shown).first, rowCount - count);
  return {
    rowCount,
    rowHeightPx: ROW_HEIGHT_PX,
    scrollTopPx: first * ROW_HEIGHT_PX,
    heightPx: count * ROW_HEIGHT_PX,
  };
}

interface Parts {
  readonly widthPx: number;
  readonly treeWidthPx: number;
  /** Of the caption and the ruler. */
  readonly headPx: number;
  readonly window: RowWindow;
}

function drawParts(canvas: DrawContext, context: TimelineContext, parts: Parts): void {
  const { state, theme: themeStore, text, matches } = context;
  const { widthPx, treeWidthPx, headPx, window } = parts;
  const theme = themeStore.get();
  const selectedSpan = state.selection.get();
  const evidence = state.insights.evidence.get();
  const view = state.view.get();
  const { rows, collapsed } = state.folding.get();
  const waterfallPx = widthPx - treeWidthPx;
  const px = { leftPx: LEFT_INSET_PX, widthPx: waterfallPx - LEFT_INSET_PX - RIGHT_INSET_PX };
  const scale = new TimeScale(state.range.get(), px);
  const shared = { scale, widthPx: waterfallPx, theme, text };
  const ticks = chooseTicks(canvas, shared);
  const rowsPart = { topPx: headPx, heightPx: window.heightPx };
  const ruler = { topPx: headPx - RULER_HEIGHT_PX, heightPx: RULER_HEIGHT_PX };
  const right = { leftPx: treeWidthPx, widthPx: waterfallPx };
  drawHead(canvas, context, parts);
  drawPart(canvas, { ...right, ...ruler }, (part) =>
    drawRuler(part, {
      ...shared,
      ticks,
      heightPx: RULER_HEIGHT_PX,
      cursorPx: undefined,
      draft: undefined,
    }),
  );
  const shown = { view, rows, collapsed, window, evidence };
  drawPart(canvas, { leftPx: 0, widthPx: treeWidthPx, ...rowsPart }, (part) =>
    drawTree(part, {
      ...shown,
      widthPx: treeWidthPx,
      theme,
      text,
      selectedSpan,
      hoverSpan: undefined,
      matches: matches.get(),
      words: messages.trace,
    }),
  );
  drawPart(canvas, { ...right, ...rowsPart }, (part) =>
    drawWaterfall(part, {
      ...shown,
      ...shared,
      ticks,
      path: shownPath(state),
      hoverRow: undefined,
      selectedRow: selectedSpan === undefined ? undefined : rows.rowOfSpan[selectedSpan],
      cursorPx: undefined,
      draft: undefined,
    }),
  );
}

/** The line beside the ruler, and the ones that part the table. */
function drawHead(canvas: DrawContext, { theme: themeStore }: TimelineContext, parts: Parts): void {
  const { widthPx, treeWidthPx, headPx, window } = parts;
  const theme = themeStore.get();
  canvas.font = theme.font;
  canvas.textBaseline = 'middle';
  canvas.textAlign = 'left';
  canvas.fillStyle = theme.textMuted;
  canvas.fillText(messages.exported.tree, 12, headPx - RULER_HEIGHT_PX / 2);
  canvas.fillStyle = theme.line;
  canvas.fillRect(0, headPx - 1, widthPx, 1);
  canvas.fillRect(treeWidthPx - 1, headPx - RULER_HEIGHT_PX, 1, RULER_HEIGHT_PX + window.heightPx);
}

/** Says what is not in the picture. */
function drawFoot(
  canvas: DrawContext,
  { theme: themeStore }: TimelineContext,
  { topPx, window }: { readonly topPx: number; readonly window: RowWindow },
): void {
  const theme = themeStore.get();
  const { first, end } = visibleRows(window);
  canvas.font = theme.font;
  canvas.textBaseline = 'middle';
  canvas.fillStyle = theme.textMuted;
  canvas.fillText(messages.exported.cut(first + 1, end, window.rowCount), 12, topPx + FOOT_PX / 2);
}
