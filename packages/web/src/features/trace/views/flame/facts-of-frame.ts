import { formatCount, formatDuration, formatShare } from '../../../../base/format.ts';
import { messages } from '../../../../messages/messages.ts';
import type { FlamePicture } from './flame-controller.ts';
import { nameOfFrame, serviceOfFrame } from './name-of-frame.ts';

const TEXTS = messages.trace.flame.facts;
const SHARES = { total: TEXTS.share, self: TEXTS.selfShare };

/** What is known of a frame, as names and values, in the order in which they are shown. */
export function factsOfFrame(
  { paths, layout }: Pick<FlamePicture, 'paths' | 'layout'>,
  frame: number,
): readonly (readonly [string, string])[] {
  const errors = paths.errorCounts[frame] ?? 0;
  const valueNs = layout.valuesNs[frame] ?? 0;
  const elapsedNs = paths.elapsedNs[frame] ?? 0;
  const totalNs = paths.totalsNs[frame] ?? 0;
  return [
    [TEXTS.spans, formatCount(paths.counts[frame] ?? 0)],
    ...(errors > 0 ? [[TEXTS.failed, formatCount(errors)] as const] : []),
    [TEXTS.total, formatDuration(elapsedNs)],
    ...(totalNs > elapsedNs ? [[TEXTS.together, formatDuration(totalNs)] as const] : []),
    [TEXTS.self, formatDuration(paths.selfTimesNs[frame] ?? 0)],
    ...(layout.by === 'self' ? [[TEXTS.below, formatDuration(valueNs)] as const] : []),
    [SHARES[layout.by], formatShare(layout.width === 0 ? 0 : valueNs / layout.width)],
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
