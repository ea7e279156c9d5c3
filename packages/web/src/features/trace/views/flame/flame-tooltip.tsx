import { useLayoutEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { ShownText } from '../../../../ui/shown-text.tsx';
import { formatCount, formatDuration, formatShare } from '../../../../base/format.ts';
import { messages } from '../../../../messages/messages.ts';
import type { Readable } from '../../../../state/store.ts';
import { useReadable } from '../../use-readable.ts';
import type { FlameHover, FlamePicture } from './flame-controller.ts';
import { nameOfFrame, serviceOfFrame } from './name-of-frame.ts';

const GAP_PX = 14;
const TEXTS = messages.trace.flame.facts;

export interface FlameTooltipProps {
  readonly hover: Readable<FlameHover | undefined>;
  readonly picture: FlamePicture;
}

/** What the frame under the pointer is; the table says the same. */
export function FlameTooltip({ hover, picture }: FlameTooltipProps): ReactNode {
  const at = useReadable(hover);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    const frame = element?.parentElement;
    if (at === undefined || element === null || frame === null || frame === undefined) return;
    const xPx = Math.min(at.xPx + GAP_PX, frame.clientWidth - element.offsetWidth - 4);
    const isBelow = at.yPx + GAP_PX + element.offsetHeight < frame.clientHeight;
    const yPx = isBelow ? at.yPx + GAP_PX : at.yPx - GAP_PX - element.offsetHeight;
    element.style.setProperty('--tooltip-x', `${Math.max(4, xPx)}px`);
    element.style.setProperty('--tooltip-y', `${Math.max(4, yPx)}px`);
  }, [at]);
  if (at === undefined) return undefined;
  const { paths, layout } = picture;
  const { frame } = at;
  const errors = paths.errorCounts[frame] ?? 0;
  const belowNs = layout.widths[frame] ?? 0;
  const facts: readonly (readonly [string, string])[] = [
    [TEXTS.spans, formatCount(paths.counts[frame] ?? 0)],
    ...(errors > 0 ? [[TEXTS.failed, formatCount(errors)] as const] : []),
    [TEXTS.total, formatDuration(paths.totalsNs[frame] ?? 0)],
    [TEXTS.self, formatDuration(paths.selfTimesNs[frame] ?? 0)],
    [TEXTS.share, formatShare(layout.width === 0 ? 0 : belowNs / layout.width)],
  ];
  return (
    <div ref={box} className="timeline-tooltip" aria-hidden="true">
      <strong>
        <ShownText text={nameOfFrame(paths, frame)} />
      </strong>
      <span>
        <ShownText text={serviceOfFrame(paths, frame)} />
      </span>
      <dl>
        {facts.map(([name, value]) => (
          <FactPair key={name} name={name} value={value} />
        ))}
      </dl>
    </div>
  );
}

function FactPair({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
