/**
 * Browsers refuse elements of more than some ten million pixels (Firefox 17.8 million), and a million rows are 22. So the
 * scrolled element is never taller than `MAX_HEIGHT_PX`, and beyond it a pixel of the scroll bar stands for more than one
 * pixel of rows.
 */
const MAX_HEIGHT_PX = 10_000_000;

export interface ScrollExtent {
  /** What all rows would need. */
  readonly contentHeightPx: number;
  /** What is visible of it. */
  readonly viewHeightPx: number;
}

/** How tall the scrolled element is. */
export function spacerHeightPx({ contentHeightPx }: ScrollExtent): number {
  return Math.min(contentHeightPx, MAX_HEIGHT_PX);
}

/** From the element's `scrollTop` to the distance scrolled through the rows. */
export function toContentTopPx(extent: ScrollExtent, elementTopPx: number): number {
  return elementTopPx * contentPerElement(extent);
}

export function toElementTopPx(extent: ScrollExtent, contentTopPx: number): number {
  return contentTopPx / contentPerElement(extent);
}

function contentPerElement(extent: ScrollExtent): number {
  const { contentHeightPx, viewHeightPx } = extent;
  if (contentHeightPx <= MAX_HEIGHT_PX) return 1;
  return (contentHeightPx - viewHeightPx) / (MAX_HEIGHT_PX - viewHeightPx);
}

/** Where to scroll so that a row is in view: not at all when it is, a little when it is near, to the middle when far. */
export function scrollTopFor(
  row: { readonly topPx: number; readonly heightPx: number },
  contentTopPx: number,
  viewHeightPx: number,
): number {
  const bottomPx = row.topPx + row.heightPx;
  if (row.topPx >= contentTopPx && bottomPx <= contentTopPx + viewHeightPx) return contentTopPx;
  const above = contentTopPx - row.topPx;
  const below = bottomPx - (contentTopPx + viewHeightPx);
  if (Math.max(above, below) > viewHeightPx / 2) {
    return Math.max(0, row.topPx - (viewHeightPx - row.heightPx) / 2);
  }
  return above > 0 ? row.topPx : bottomPx - viewHeightPx;
}
