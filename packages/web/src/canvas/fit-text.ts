import { visibleText } from '../base/visible-text.ts';
import type { DrawContext } from './draw-context.ts';
import type { TextMeasurer } from './text-measurer.ts';

export interface FitText {
  /** The context's already. */
  readonly font: string;
  readonly text: TextMeasurer;
}

/** The first half of a letter that takes two. */
const HALF_LETTER = /[\uD800-\uDBFF]$/;

/** Nobody reads on, and a text of a megabyte takes long to measure. */
const MAX_LETTERS = 500;

/** The text with what hides in it as marks, or as many of its first letters as fit with a mark; nothing when three do not. */
export function fitText(
  context: DrawContext,
  { font, text }: FitText,
  fullWords: string,
  roomPx: number,
): string {
  const words = visibleText(
    fullWords.length > MAX_LETTERS ? fullWords.slice(0, MAX_LETTERS) : fullWords,
  );
  const needPx = text.measure(context, font, words);
  if (needPx <= roomPx) return words;
  const letters = Math.floor((words.length * roomPx) / needPx) - 1;
  return letters < 3 ? '' : `${words.slice(0, letters).replace(HALF_LETTER, '')}…`;
}
