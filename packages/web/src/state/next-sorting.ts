import type { Sorting } from '../trace/order-spans.ts';

/** What a press on a column's head orders by: the other way round, else by that column as it is read first. */
export function nextSorting<By extends string>(
  current: Sorting<By>,
  by: By,
  firstDirection: 1 | -1,
): Sorting<By> {
  if (current.by === by) return { by, direction: current.direction === 1 ? -1 : 1 };
  return { by, direction: firstDirection };
}

/** The direction of a column's head: 0 while the table is ordered by another. */
export function directionOf<By extends string>(sorting: Sorting<By>, by: By): 1 | -1 | 0 {
  return sorting.by === by ? sorting.direction : 0;
}
