import { toErrorAnswer } from '../error-response.ts';
import type { Logger } from '../../telemetry/log.ts';

export interface JsonLinesOptions<Item> {
  readonly toJson: (item: Item) => unknown;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** Lines that are written together: a text of some hundred kilobytes. */
const LINES_PER_PIECE = 250;

/**
 * Things as JSON, each on a line of its own. What fails before the first is thrown; later it is a last line with the error as the API
 * answers it, unless nobody reads any more.
 */
export async function* jsonLines<Item>(
  pages: AsyncIterable<readonly Item[]>,
  { toJson, signal, log }: JsonLinesOptions<Item>,
): AsyncGenerator<string> {
  let isBegun = false;
  try {
    for await (const items of pages) {
      for (let at = 0; at < items.length; at += LINES_PER_PIECE) {
        isBegun = true;
        yield toLines(items.slice(at, at + LINES_PER_PIECE).map(toJson));
      }
    }
  } catch (error) {
    if (!isBegun || signal.aborted) throw error;
    yield toLines([toErrorAnswer(error, log).body]);
  }
}

function toLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
