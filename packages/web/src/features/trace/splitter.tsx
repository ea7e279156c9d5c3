import { useEffect, useRef } from 'react';
import type { KeyboardEvent, PointerEvent, ReactNode, RefObject } from 'react';
import './splitter.css';

export interface SplitterProps {
  readonly label: string;
  /** The element whose CSS variable `variable` is the width of the part that is resized. */
  readonly target: RefObject<HTMLElement | null>;
  readonly variable: `--${string}`;
  /** The width to begin with; `undefined` leaves it to the style sheet. */
  readonly initialPx: number | undefined;
  readonly minPx: number;
  /** What is left for the other part. */
  readonly minOtherPx: number;
  /** The part that is resized lies on this side of the border. */
  readonly side: 'left' | 'right';
  readonly onCommit: (widthPx: number) => void;
}

const KEY_STEP_PX = 16;

/**
 * A border that can be dragged, and moved by the arrow keys. It writes the width into a CSS variable as the pointer moves,
 * without rendering anything, and tells its owner once it is let go.
 */
export function Splitter(props: SplitterProps): ReactNode {
  const { label, target, variable, initialPx, side } = props;
  const border = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (initialPx !== undefined) target.current?.style.setProperty(variable, `${initialPx}px`);
  }, [initialPx, target, variable]);

  const apply = (wantedPx: number): number => {
    const widthPx = clampWidth(props, wantedPx);
    target.current?.style.setProperty(variable, `${widthPx}px`);
    border.current?.setAttribute('aria-valuenow', String(Math.round(widthPx)));
    return widthPx;
  };
  const onPointerDown = (down: PointerEvent<HTMLDivElement>) => {
    if (down.button !== 0) return;
    const fromPx = measure(props);
    const element = down.currentTarget;
    element.setPointerCapture(down.pointerId);
    let widthPx = fromPx;
    const onMove = (move: globalThis.PointerEvent) => {
      const deltaPx = move.clientX - down.clientX;
      widthPx = apply(side === 'left' ? fromPx + deltaPx : fromPx - deltaPx);
    };
    const onEnd = () => {
      element.removeEventListener('pointermove', onMove);
      props.onCommit(widthPx);
    };
    element.addEventListener('pointermove', onMove);
    element.addEventListener('lostpointercapture', onEnd, { once: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const stepPx = direction * KEY_STEP_PX * (side === 'left' ? 1 : -1);
    props.onCommit(apply(measure(props) + stepPx));
  };
  return (
    <div
      ref={border}
      className="splitter"
      data-side={side}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={initialPx ?? 0}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}

/** The width in force: of the grid's or row's first or last part. */
function measure({ target, side }: SplitterProps): number {
  const element = target.current;
  const part = side === 'left' ? element?.firstElementChild : element?.lastElementChild;
  return part?.getBoundingClientRect().width ?? 0;
}

function clampWidth({ target, minPx, minOtherPx }: SplitterProps, wantedPx: number): number {
  const roomPx = target.current?.clientWidth ?? 0;
  return Math.round(Math.max(minPx, Math.min(wantedPx, roomPx - minOtherPx)));
}
