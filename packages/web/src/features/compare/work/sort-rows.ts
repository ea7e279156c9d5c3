import { nextSorting } from '../../../state/next-sorting.ts';
import type { Sorting } from '../../../trace/order-spans.ts';

/** What a press on a column's head orders rows by; the order of calls has one direction. */
export function sortRows<By extends string>(
  current: Sorting<By>,
  by: By,
  firstDirection: 1 | -1 = -1,
): Sorting<By> {
  return by === 'tree' ? { by, direction: 1 } : nextSorting(current, by, firstDirection);
}
