import type { DrawContext } from './draw-context.ts';
import type { TextMeasurer } from './text-measurer.ts';

export interface FitText {
  /** The context's already. */
  readonly font: string;
  readonly text: TextMeasurer;
}

/** The text, or as many of its first letters as fit with a mark; nothing when three do not. */
export function fitText(
  context: DrawContext,
  { font, text }: FitText,
  words: string,
  roomPx: number,
): string {
  const needPx = text.measure(context, font, words);
  if (needPx <= roomPx) return words;
  const letters = Math.floor((words.length * roomPx) / needPx) - 1;
  // Half of a pair would be no letter at all.
  return letters < 3 ? '' : `${words.slice(0, letters).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
