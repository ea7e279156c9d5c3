import { formatCount, formatDuration, formatShare } from '../../../../base/format.ts';
import { messages } from '../../../../messages/messages.ts';
import type { FlamePicture } from './flame-controller.ts';
import { nameOfFrame, serviceOfFrame } from './name-of-frame.ts';

const TEXTS = messages.trace.flame.facts;

/** What is known of a frame, as names and values, in the order in which they are shown. */
export function factsOfFrame(
  { paths, layout }: Pick<FlamePicture, 'paths' | 'layout'>,
  frame: number,
): readonly (readonly [string, string])[] {
  const errors = paths.errorCounts[frame] ?? 0;
  const belowNs = layout.widths[frame] ?? 0;
  return [
    [TEXTS.spans, formatCount(paths.counts[frame] ?? 0)],
    ...(errors > 0 ? [[TEXTS.failed, formatCount(errors)] as const] : []),
    [TEXTS.total, formatDuration(paths.totalsNs[frame] ?? 0)],
    [TEXTS.self, formatDuration(paths.selfTimesNs[frame] ?? 0)],
    [TEXTS.share, formatShare(layout.width === 0 ? 0 : belowNs / layout.width)],
  ];
}

/** A frame in words, for who hears where the arrow keys have led. */
export function readOutFrame(
  picture: Pick<FlamePicture, 'paths' | 'layout'>,
  frame: number,
): string {
  const { paths } = picture;
  const facts = factsOfFrame(picture, frame).map(([name, value]) => `${name} ${value}`);
  return [nameOfFrame(paths, frame), serviceOfFrame(paths, frame), ...facts].join(', ');
}
