import { useEffect } from 'react';

/** Rows that are left below what is in sight when more are asked for. */
const ROWS_AHEAD = 10;

/** Loads more before the end of a list is reached, so that scrolling does not stop there. */
export function useNearEnd({
  lastIndex,
  rowCount,
  canLoadMore,
  onLoadMore,
}: {
  /** Of the rows that are drawn. */
  readonly lastIndex: number;
  readonly rowCount: number;
  /** There is more, none is on its way, and the last attempt did not fail. */
  readonly canLoadMore: boolean;
  readonly onLoadMore: () => void;
}): void {
  const isNearEnd = lastIndex >= rowCount - ROWS_AHEAD;
  const isWanted = canLoadMore && isNearEnd && rowCount > 0;
  useEffect(() => {
    if (isWanted) onLoadMore();
    // What is called may change with every rendering; what counts is that more is wanted, and of how many.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [isWanted, rowCount]);
}
