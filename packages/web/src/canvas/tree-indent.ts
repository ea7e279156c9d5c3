/** How far rows of the tree are indented. */
export interface TreeIndent {
  readonly stepPx: number;
  /** The depth at the left edge: in very deep traces the tree moves left as one scrolls down. */
  readonly baseDepth: number;
  /** Deeper rows than this, counted from the base, are not indented further. */
  readonly maxSteps: number;
}

const MAX_STEP_PX = 14;
const MAX_NARROW_STEP_PX = 10;
const NARROW_PX = 240;
const MIN_STEP_PX = 7;

const BASE_STEPS = 5;

/** The rest is for the names. */
const INDENT_SHARE = 0.45;

/**
 * Fits the indentation into the tree's width: narrower steps for deep traces, and for chains of thousands a tree that
 * starts at the depth of what is in view.
 */
export function computeIndent(
  treeWidthPx: number,
  maxDepth: number,
  minVisibleDepth: number,
): TreeIndent {
  const maxStepPx = treeWidthPx < NARROW_PX ? MAX_NARROW_STEP_PX : MAX_STEP_PX;
  const roomPx = treeWidthPx * INDENT_SHARE;
  const stepPx = Math.min(
    Math.max(Math.floor(roomPx / Math.max(maxDepth, 1)), MIN_STEP_PX),
    maxStepPx,
  );
  const maxSteps = Math.max(1, Math.floor(roomPx / stepPx));
  const isTooDeep = maxDepth > maxSteps;
  return {
    stepPx,
    maxSteps,
    baseDepth: isTooDeep ? roundDown(Math.max(0, minVisibleDepth - 1)) : 0,
  };
}

/** How far a row of that depth is indented. */
export function indentPx({ stepPx, baseDepth, maxSteps }: TreeIndent, depth: number): number {
  return Math.min(Math.max(depth - baseDepth, 0), maxSteps) * stepPx;
}

/** The tree moves to the left by several steps at a time, so that it stands still while one scrolls a little. */
function roundDown(depth: number): number {
  return depth - (depth % BASE_STEPS);
}
