/** Pixels of the device. */
export interface RectPx {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The least that a mark of failed spans is high and wide, CSS pixels. */
const LEAST_PX = 1;
/** The most of a cell that the mark covers only to be seen: few failed spans are not to look like half of them. */
const MOST_TO_BE_SEEN = 0.25;

/**
 * Where the failed spans of a cell are marked: a strip along its foot, as high as their share of it, 0 to 1, and at least a pixel.
 * A cell may be but a few pixels high itself: where that pixel is more than a quarter of it, the strip is narrower instead.
 */
export function placeFailed(cell: RectPx, share: number, pixelRatio: number): RectPx {
  const least = Math.max(1, Math.round(LEAST_PX * pixelRatio));
  const height = Math.min(cell.height, Math.max(least, Math.round(cell.height * share)));
  const covered = height / cell.height;
  const meant = height > least ? covered : Math.max(share, Math.min(covered, MOST_TO_BE_SEEN));
  const width = Math.min(cell.width, Math.max(least, Math.round((cell.width * meant) / covered)));
  return { left: cell.left, top: cell.top + cell.height - height, width, height };
}
