import type { MeasuredTrace } from './measured-trace.ts';

/**
 * A hash of each span with all below it: groups, failures and how they hang together. Two that are equal by chance cost
 * nothing but a pairing in order, so 32 bits do.
 */
export function computeShapes({ errors, tree, groupIds }: MeasuredTrace): Uint32Array {
  const shapes = new Uint32Array(errors.length);
  for (let row = tree.order.length - 1; row >= 0; row--) {
    const index = tree.order[row] ?? 0;
    const own = (groupIds[index] ?? 0) * 2 + (errors[index] ?? 0);
    const shape = mix(shapes[index] ?? 0, own);
    shapes[index] = shape;
    const parent = tree.parents[index] ?? -1;
    if (parent >= 0) shapes[parent] = mix(shapes[parent] ?? 0, shape);
  }
  return shapes;
}

function mix(hash: number, value: number): number {
  const turned = (hash << 5) | (hash >>> 27);
  return Math.imul(turned ^ (value + 1), 0x9e3779b1) >>> 0;
}
