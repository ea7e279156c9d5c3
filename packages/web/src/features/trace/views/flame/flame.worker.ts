/** Makes the flame graph of a large trace beside the page: of a million spans, in a second. */
import { layoutFlame } from '../../../../trace/flame/layout-flame.ts';
import type { FlameLayout, FlameWidth } from '../../../../trace/flame/layout-flame.ts';
import { mergeCallPaths } from '../../../../trace/flame/merge-call-paths.ts';
import type { CallPathSource, CallPaths } from '../../../../trace/flame/merge-call-paths.ts';

/** A trace comes first; then how wide its frames are to be, as often as that changes. */
export type FlameQuestion =
  | { readonly type: 'merge'; readonly source: CallPathSource }
  | { readonly type: 'layout'; readonly by: FlameWidth };

export interface FlameAnswer {
  readonly paths: CallPaths;
  readonly layout: FlameLayout;
  readonly by: FlameWidth;
}

let paths: CallPaths | undefined;

addEventListener('message', ({ data }: MessageEvent<FlameQuestion>) => {
  if (data.type === 'merge') {
    paths = mergeCallPaths(data.source);
  } else if (paths !== undefined) {
    const answer: FlameAnswer = { paths, layout: layoutFlame(paths, data.by), by: data.by };
    postMessage(answer);
  }
});
