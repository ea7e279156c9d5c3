/** One press of the pointer, from down to up, with what it means left to its owner. */
export interface DragHandler {
  /** `deltaPx` since the last call. */
  readonly onMove: (
    point: { readonly xPx: number; readonly yPx: number },
    deltaPx: { readonly xPx: number; readonly yPx: number },
  ) => void;
  /** The press is over; `isClick` when the pointer hardly moved. */
  readonly onEnd: (point: { readonly xPx: number; readonly yPx: number }, isClick: boolean) => void;
}

/** A hand is not steady: less than this is a click. */
const CLICK_SLACK_PX = 4;

/**
 * Follows presses of the main button on an element; `onStart` answers what the press does. Points are relative to the
 * element, also when the pointer has left it. Answers how to stop.
 */
export function listenToDrags(
  element: HTMLElement,
  onStart: (point: { readonly xPx: number; readonly yPx: number }) => DragHandler | undefined,
): Disposable {
  const controller = new AbortController();
  element.addEventListener(
    'pointerdown',
    (down) => {
      if (down.button !== 0 || !down.isPrimary) return;
      const handler = onStart({ xPx: down.offsetX, yPx: down.offsetY });
      if (handler === undefined) return;
      followPress(element, down, handler);
    },
    { signal: controller.signal },
  );
  return { [Symbol.dispose]: () => controller.abort() };
}

function followPress(element: HTMLElement, down: PointerEvent, handler: DragHandler): void {
  const controller = new AbortController();
  const { signal } = controller;
  let last = { xPx: down.clientX, yPx: down.clientY };
  let isClick = true;
  const pointOf = (event: PointerEvent) => ({
    xPx: down.offsetX + event.clientX - down.clientX,
    yPx: down.offsetY + event.clientY - down.clientY,
  });
  const onMove = (event: PointerEvent) => {
    if (event.pointerId !== down.pointerId) return;
    const distancePx = Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY);
    if (isClick && distancePx < CLICK_SLACK_PX) return;
    isClick = false;
    const delta = { xPx: event.clientX - last.xPx, yPx: event.clientY - last.yPx };
    last = { xPx: event.clientX, yPx: event.clientY };
    handler.onMove(pointOf(event), delta);
  };
  const onEnd = (event: PointerEvent) => {
    if (event.pointerId !== down.pointerId) return;
    controller.abort();
    handler.onEnd(pointOf(event), isClick && event.type === 'pointerup');
  };
  element.setPointerCapture(down.pointerId);
  element.addEventListener('pointermove', onMove, { signal });
  element.addEventListener('pointerup', onEnd, { signal });
  element.addEventListener('pointercancel', onEnd, { signal });
}
