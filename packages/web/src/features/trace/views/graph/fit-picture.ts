interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface FittedPicture {
  readonly scale: number;
  readonly xPx: number;
  readonly yPx: number;
}

const MIN_SCALE = 0.05;
/** A graph of two services is not blown up to letters as tall as a row. */
const MAX_SCALE = 1.75;
/** What stays free on each side. */
const MARGIN_PX = 20;

/** All of a picture in the middle of its frame, as large as it fits there within reason. */
export function fitPicture(picture: Size, frame: Size): FittedPicture {
  const room = (px: number) => Math.max(px - 2 * MARGIN_PX, px / 2);
  const fitting = Math.min(
    room(frame.widthPx) / picture.widthPx,
    room(frame.heightPx) / picture.heightPx,
  );
  const scale = Math.max(Math.min(fitting, MAX_SCALE), MIN_SCALE);
  return {
    scale,
    xPx: (frame.widthPx - picture.widthPx * scale) / 2,
    yPx: (frame.heightPx - picture.heightPx * scale) / 2,
  };
}
