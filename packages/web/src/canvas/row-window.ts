/** Where the rows are on the screen: row `i` starts at `i * rowHeightPx - scrollTopPx`. */
export interface RowWindow {
  readonly rowCount: number;
  readonly rowHeightPx: number;
  readonly scrollTopPx: number;
  readonly heightPx: number;
}

/** The rows that are at least partly visible: from `first` up to, not including, `end`. */
export function visibleRows(window: RowWindow): { readonly first: number; readonly end: number } {
  const { rowCount, rowHeightPx, scrollTopPx, heightPx } = window;
  const first = Math.max(0, Math.floor(scrollTopPx / rowHeightPx));
  const end = Math.min(rowCount, Math.ceil((scrollTopPx + heightPx) / rowHeightPx));
  return { first, end: Math.max(first, end) };
}

export function rowTopPx(window: RowWindow, row: number): number {
  return row * window.rowHeightPx - window.scrollTopPx;
}

/** The row under a height; `undefined` above the first and below the last. */
export function rowAt(window: RowWindow, yPx: number): number | undefined {
  const row = Math.floor((yPx + window.scrollTopPx) / window.rowHeightPx);
  return row >= 0 && row < window.rowCount ? row : undefined;
}
