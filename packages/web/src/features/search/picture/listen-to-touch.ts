/**
 * Draws a box with a finger or a pen; uPlot knows the mouse alone. The style sheet leaves dragging up and down to the browser, which
 * scrolls the page: a box begins sideways, and then goes wherever the finger does.
 */
export interface TouchBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface TouchOptions {
  /** A drag that is shorter draws nothing, and is a tap. */
  readonly minDragPx: number;
  /** A drag that is flatter is one of time alone, and one that is narrower of duration alone. */
  readonly oneWayPx: number;
  readonly onDraw: (box: TouchBox) => void;
  readonly onEnd: (box: TouchBox) => void;
  /** The browser took the gesture for itself. */
  readonly onCancel: () => void;
}

/** In CSS pixels from the upper left corner of what is dragged on, and not beyond it; undefined of a tap. */
export function boxOfDrag(
  from: Point,
  to: Point,
  size: { readonly width: number; readonly height: number },
  { minDragPx, oneWayPx }: Pick<TouchOptions, 'minDragPx' | 'oneWayPx'>,
): TouchBox | undefined {
  const [wide, high] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)];
  if (Math.max(wide, high) < minDragPx) return undefined;
  const across = stretchOf(from.x, to.x, size.width);
  const upwards = stretchOf(from.y, to.y, size.height);
  const isOfDuration = wide < oneWayPx && high >= oneWayPx;
  const isOfTime = high < oneWayPx;
  const [left, width] = isOfDuration ? [0, size.width] : across;
  const [top, height] = isOfTime ? [0, size.height] : upwards;
  return { left, top, width, height };
}

function stretchOf(a: number, b: number, length: number): readonly [start: number, size: number] {
  const [start, end] = [Math.max(0, Math.min(a, b)), Math.min(length, Math.max(a, b))];
  return [start, Math.max(0, end - start)];
}

/** Listens for as long as the element is there. */
export function listenToTouch(element: HTMLElement, options: TouchOptions): void {
  let drag: { readonly id: number; readonly from: Point; box: TouchBox | undefined } | undefined;
  const pointOf = ({ clientX, clientY }: PointerEvent): Point => {
    const { left, top } = element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  element.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'mouse' || !event.isPrimary) return;
    element.setPointerCapture(event.pointerId);
    drag = { id: event.pointerId, from: pointOf(event), box: undefined };
  });
  element.addEventListener('pointermove', (event) => {
    if (drag?.id !== event.pointerId) return;
    const { clientWidth: width, clientHeight: height } = element;
    drag.box = boxOfDrag(drag.from, pointOf(event), { width, height }, options);
    if (drag.box !== undefined) options.onDraw(drag.box);
  });
  element.addEventListener('pointerup', (event) => {
    if (drag?.id !== event.pointerId) return;
    const { box } = drag;
    drag = undefined;
    if (box === undefined) options.onCancel();
    else options.onEnd(box);
  });
  element.addEventListener('pointercancel', (event) => {
    if (drag?.id !== event.pointerId) return;
    drag = undefined;
    options.onCancel();
  });
}
