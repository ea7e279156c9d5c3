import { lowerBound } from '../../../base/binary-search.ts';
import type { PlacedPoints } from './draw-points.ts';

/** The index of the point nearest to (`x`, `y`) within `reach` pixels. Looks only at points whose `xPx` is in reach. */
export function findNearest(
  { xPx, yPx }: Pick<PlacedPoints, 'xPx' | 'yPx'>,
  { x, y }: { readonly x: number; readonly y: number },
  reach: number,
): number | undefined {
  let nearest: number | undefined;
  let nearestDistance = reach;
  const first = lowerBound({ values: xPx, from: 0, to: xPx.length }, x - reach);
  for (let i = first; i < xPx.length; i++) {
    const dx = (xPx[i] ?? 0) - x;
    if (dx > reach) break;
    const distance = Math.hypot(dx, (yPx[i] ?? 0) - y);
    if (distance > nearestDistance) continue;
    nearest = i;
    nearestDistance = distance;
  }
  return nearest;
}
