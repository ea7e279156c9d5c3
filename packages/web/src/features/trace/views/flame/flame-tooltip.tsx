import { useLayoutEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { ShownText } from '../../../../ui/shown-text.tsx';
import type { Readable } from '../../../../state/store.ts';
import { useReadable } from '../../use-readable.ts';
import { factsOfFrame } from './facts-of-frame.ts';
import type { FlameHover, FlamePicture } from './flame-controller.ts';
import { nameOfFrame, serviceOfFrame } from './name-of-frame.ts';

const GAP_PX = 14;

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
  const { paths } = picture;
  const { frame } = at;
  return (
    <div ref={box} className="timeline-tooltip" aria-hidden="true">
      <strong>
        <ShownText text={nameOfFrame(paths, frame)} />
      </strong>
      <span>
        <ShownText text={serviceOfFrame(paths, frame)} />
      </span>
      <dl>
        {factsOfFrame(picture, frame).map(([name, value]) => (
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
