/** What a picture says of itself at its top, so that it can be told from others without the page it is from. */
import type { CanvasTheme } from '../canvas-theme.ts';
import type { DrawContext } from '../draw-context.ts';
import { fitText } from '../fit-text.ts';
import type { TextMeasurer } from '../text-measurer.ts';
import { resizeFont } from './picture.ts';

/** What colours stand for. */
export interface ColorKey {
  readonly label: string;
  /** Index into the palette. */
  readonly color: number;
}

export interface Caption {
  readonly title: string;
  /** Smaller, below the title. */
  readonly facts: string;
  /** As many as one line has room for are written. */
  readonly keys?: readonly ColorKey[] | undefined;
}

export interface CaptionFrame {
  readonly widthPx: number;
  readonly theme: Pick<CanvasTheme, 'font' | 'line' | 'text' | 'textMuted' | 'serviceSolid'>;
  readonly text: TextMeasurer;
}

const PADDING_PX = 12;
const TITLE_PX = 19;
const FACTS_PX = 38;
const KEYS_PX = 57;
const KEY_GAP_PX = 14;
const KEY_MARK_PX = 10;

export function captionHeightPx({ keys }: Caption): number {
  return (keys === undefined ? FACTS_PX : KEYS_PX) + 12;
}

export function drawCaption(context: DrawContext, caption: Caption, frame: CaptionFrame): void {
  const { widthPx, theme, text } = frame;
  const roomPx = widthPx - 2 * PADDING_PX;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const write = (words: string, { font, fill, yPx }: Line): void => {
    context.font = font;
    context.fillStyle = fill;
    context.fillText(fitText(context, { font, text }, words, roomPx), PADDING_PX, yPx);
  };
  const titleFont = `500 ${resizeFont(theme.font, '15px')}`;
  write(caption.title, { font: titleFont, fill: theme.text, yPx: TITLE_PX });
  write(caption.facts, { font: theme.font, fill: theme.textMuted, yPx: FACTS_PX });
  drawKeys(context, caption.keys ?? [], frame);
  context.fillStyle = theme.line;
  context.fillRect(0, captionHeightPx(caption) - 1, widthPx, 1);
}

interface Line {
  readonly font: string;
  readonly fill: string;
  readonly yPx: number;
}

function drawKeys(context: DrawContext, keys: readonly ColorKey[], frame: CaptionFrame): void {
  const { widthPx, theme, text } = frame;
  let leftPx = PADDING_PX;
  context.font = theme.font;
  for (const { label, color } of keys) {
    const needPx = KEY_MARK_PX + text.measure(context, theme.font, label);
    if (leftPx + needPx > widthPx - PADDING_PX) return;
    context.fillStyle = theme.serviceSolid[color] ?? theme.text;
    context.fillRect(leftPx, KEYS_PX - 6, 4, 12);
    context.fillStyle = theme.textMuted;
    context.fillText(label, leftPx + KEY_MARK_PX, KEYS_PX);
    leftPx += needPx + KEY_GAP_PX;
  }
}
