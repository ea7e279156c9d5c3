/** What a row of the tree says: the span's name, how many are folded away below it, and its service as far as there is room. */
import { formatCount } from '../base/format.ts';
import { nameOf, serviceOf } from '../trace/trace-view.ts';
import type { DrawContext } from './draw-context.ts';
import { fitText } from './fit-text.ts';
import { resizeFont } from './picture/picture.ts';
import type { TreeFrame } from './tree.ts';

/** Where the words of a row have room. */
export interface TreeWords {
  readonly spanIndex: number;
  readonly leftPx: number;
  readonly rightPx: number;
  readonly middlePx: number;
}

export interface TreePill {
  readonly leftPx: number;
  readonly rightPx: number;
}

const WORD_GAP_PX = 8;
const PILL_GAP_PX = 6;
const PILL_PADDING_PX = 5;
const PILL_HEIGHT_PX = 14;

/** Answers where the number of hidden spans stands, if there are any. */
export function drawTreeWords(
  context: DrawContext,
  frame: TreeFrame,
  words: TreeWords,
): TreePill | undefined {
  const { view, collapsed } = frame;
  const { spanIndex } = words;
  let leftPx = drawName(context, frame, words);
  let pill: TreePill | undefined;
  if (collapsed[spanIndex] === 1) {
    pill = drawHidden(context, frame, { ...words, leftPx });
    leftPx = pill?.rightPx ?? leftPx;
  }
  if (view.orphans[spanIndex] === 1) {
    const { theme } = frame;
    const label = {
      text: frame.words.parentMissing,
      ink: theme.warning,
      ground: theme.warningSoft,
    };
    leftPx = drawPill(context, frame, { ...words, leftPx }, label)?.rightPx ?? leftPx;
  }
  drawService(context, frame, { ...words, leftPx });
  return pill;
}

/** Answers where it ends. */
function drawName(context: DrawContext, frame: TreeFrame, words: TreeWords): number {
  const { view, theme, text } = frame;
  const { spanIndex, leftPx, rightPx, middlePx } = words;
  const font = resizeFont(theme.font, '13px');
  context.font = font;
  const name = nameOf(view, spanIndex) || frame.words.noName;
  const shown = fitText(context, { font, text }, name, rightPx - leftPx);
  const widthPx = text.measure(context, font, shown);
  if (frame.matches?.[spanIndex] === 1) {
    context.fillStyle = theme.warningSoft;
    context.fillRect(leftPx - 2, middlePx - 9, widthPx + 4, 18);
    context.fillStyle = theme.warningMark;
    context.fillRect(leftPx, middlePx + 7, widthPx, 2);
  }
  context.fillStyle = view.errors[spanIndex] === 1 ? theme.error : theme.text;
  context.fillText(shown, leftPx, middlePx + 0.5);
  return leftPx + widthPx;
}

/** Red where one of those below failed. */
function drawHidden(
  context: DrawContext,
  frame: TreeFrame,
  words: TreeWords,
): TreePill | undefined {
  const { view, theme } = frame;
  const { spanIndex } = words;
  const count = formatCount(view.tree.descendantCounts[spanIndex] ?? 0);
  const isFailedBelow = (view.errorsBelow[spanIndex] ?? 0) > 0;
  const label = isFailedBelow
    ? { text: `! ${count}`, ink: theme.error, ground: theme.errorSoft }
    : { text: count, ink: theme.textMuted, ground: theme.sunken };
  return drawPill(context, frame, words, label);
}

interface PillLabel {
  readonly text: string;
  readonly ink: string;
  readonly ground: string;
}

/** Nothing where there is no room. */
function drawPill(
  context: DrawContext,
  { theme, text }: TreeFrame,
  { leftPx, rightPx, middlePx }: TreeWords,
  label: PillLabel,
): TreePill | undefined {
  const font = resizeFont(theme.font, '11px');
  context.font = font;
  const widthPx = text.measure(context, font, label.text) + 2 * PILL_PADDING_PX;
  const fromPx = leftPx + PILL_GAP_PX;
  if (fromPx + widthPx > rightPx) return undefined;
  context.fillStyle = label.ground;
  context.beginPath();
  const radiusPx = PILL_HEIGHT_PX / 2;
  context.roundRect(fromPx, middlePx - radiusPx, widthPx, PILL_HEIGHT_PX, radiusPx);
  context.fill();
  context.fillStyle = label.ink;
  context.fillText(label.text, fromPx + PILL_PADDING_PX, middlePx + 0.5);
  return { leftPx: fromPx, rightPx: fromPx + widthPx };
}

function drawService(context: DrawContext, frame: TreeFrame, words: TreeWords): void {
  const { view, theme, text } = frame;
  const leftPx = words.leftPx + WORD_GAP_PX;
  context.font = theme.font;
  const service = serviceOf(view, words.spanIndex);
  const shown = fitText(context, { font: theme.font, text }, service, words.rightPx - leftPx);
  context.fillStyle = theme.textFaint;
  context.fillText(shown, leftPx, words.middlePx + 0.5);
}
