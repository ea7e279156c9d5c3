/**
 * A trace as a flame graph has it: spans that were reached by the same path of calls, by service and name from the root down, are one
 * frame. Frames are numbered parents before children, as arrays over their number; a span is in just one frame.
 *
 * Iterative and linear, because traces come as chains 50,000 deep and as parents of 100,000 children: frames are looked up in a
 * table of our own, since a `Map` takes half a second for a million.
 */
import { NO_COLOR_INDEX } from '../../base/service-color.ts';
import { groupByOperation } from '../groups/group-spans.ts';
import type { GroupLabel, OperationSource } from '../groups/group-spans.ts';
import type { TraceView } from '../trace-view.ts';

export interface CallPaths {
  readonly frameCount: number;
  readonly frameOfSpan: Uint32Array;
  /** The frame above each; -1 at the top. */
  readonly parents: Int32Array;
  readonly depths: Uint32Array;
  /** Index into `labels`. */
  readonly operations: Uint32Array;
  readonly labels: readonly GroupLabel[];
  readonly counts: Uint32Array;
  readonly errorCounts: Uint32Array;
  /** How long at least one of the frame's spans was running: what ran side by side counts once. */
  readonly elapsedNs: Float64Array;
  /** The durations of the frame's spans together: what ran side by side counts as often. */
  readonly totalsNs: Float64Array;
  readonly selfTimesNs: Float64Array;
  /** The colour of more than half of the frame's spans; grey where no colour has so many. */
  readonly colors: Uint8Array;
  readonly maxDepth: number;
}

/** What merging needs of a trace: as much as is sent to a worker. */
export interface CallPathSource
  extends OperationSource, Pick<TraceView, 'offsetsNs' | 'durationsNs' | 'errors' | 'colors'> {
  readonly tree: Pick<TraceView['tree'], 'order' | 'parents'>;
  readonly coverage: Pick<TraceView['coverage'], 'selfTimesNs'>;
}

export function pickCallPathSource(view: TraceView): CallPathSource {
  const { services, serviceIndexes, spanCount, offsetsNs, durationsNs, errors, colors } = view;
  const { names, nameIndexes } = view.columns;
  const { order, parents } = view.tree;
  return {
    services,
    serviceIndexes,
    spanCount,
    offsetsNs,
    durationsNs,
    errors,
    colors,
    columns: { names, nameIndexes },
    tree: { order, parents },
    coverage: { selfTimesNs: view.coverage.selfTimesNs },
  };
}

export function mergeCallPaths(view: CallPathSource): CallPaths {
  const { labels, groupOf } = groupByOperation(view);
  const table = new FrameTable(view.spanCount);
  const frameOfSpan = numberFrames(view, groupOf, table);
  const parents = table.parents.slice(0, table.count);
  return {
    frameCount: table.count,
    frameOfSpan,
    parents,
    ...measureDepths(parents),
    operations: table.operations.slice(0, table.count),
    labels,
    elapsedNs: measureElapsed(view, frameOfSpan, table.count),
    ...sumFrames(view, frameOfSpan, table.count),
  };
}

function numberFrames(view: CallPathSource, groupOf: Uint32Array, table: FrameTable): Uint32Array {
  const { order, parents } = view.tree;
  const frameOfSpan = new Uint32Array(view.spanCount);
  for (const index of order) {
    const parent = parents[index] ?? -1;
    const above = parent < 0 ? -1 : (frameOfSpan[parent] ?? 0);
    frameOfSpan[index] = table.numberOf(above, groupOf[index] ?? 0);
  }
  return frameOfSpan;
}

function sumFrames(
  { errors, durationsNs, colors, coverage, spanCount }: CallPathSource,
  frameOfSpan: Uint32Array,
  frameCount: number,
): Pick<CallPaths, 'counts' | 'errorCounts' | 'totalsNs' | 'selfTimesNs' | 'colors'> {
  const counts = new Uint32Array(frameCount);
  const errorCounts = new Uint32Array(frameCount);
  const totalsNs = new Float64Array(frameCount);
  const selfTimesNs = new Float64Array(frameCount);
  for (let index = 0; index < spanCount; index++) {
    const frame = frameOfSpan[index] ?? 0;
    counts[frame] = (counts[frame] ?? 0) + 1;
    errorCounts[frame] = (errorCounts[frame] ?? 0) + (errors[index] ?? 0);
    totalsNs[frame] = (totalsNs[frame] ?? 0) + (durationsNs[index] ?? 0);
    selfTimesNs[frame] = (selfTimesNs[frame] ?? 0) + (coverage.selfTimesNs[index] ?? 0);
  }
  const colorsOfFrames = findMajorities(colors, frameOfSpan, counts);
  return { counts, errorCounts, totalsNs, selfTimesNs, colors: colorsOfFrames };
}

/** Spans come ordered by start, so that the stretches of each frame are joined in one pass. */
function measureElapsed(
  { offsetsNs, durationsNs, spanCount }: CallPathSource,
  frameOfSpan: Uint32Array,
  frameCount: number,
): Float64Array {
  const elapsedNs = new Float64Array(frameCount);
  const endsNs = new Float64Array(frameCount).fill(Number.NEGATIVE_INFINITY);
  for (let index = 0; index < spanCount; index++) {
    const frame = frameOfSpan[index] ?? 0;
    const startNs = offsetsNs[index] ?? 0;
    const endNs = startNs + (durationsNs[index] ?? 0);
    const lastNs = endsNs[frame] ?? 0;
    if (endNs <= lastNs) continue;
    elapsedNs[frame] = (elapsedNs[frame] ?? 0) + endNs - Math.max(startNs, lastNs);
    endsNs[frame] = endNs;
  }
  return elapsedNs;
}

/**
 * Boyer and Moore's vote, for all frames at once: each keeps one colour and by how much it leads. Only a colour that has more than half
 * of the spans is sure to be kept at the end, so a second round counts whether it has.
 */
function findMajorities(
  colors: Uint8Array,
  frameOfSpan: Uint32Array,
  counts: Uint32Array,
): Uint8Array {
  const kept = new Uint8Array(counts.length);
  const leads = new Uint32Array(counts.length);
  for (let index = 0; index < frameOfSpan.length; index++) {
    const frame = frameOfSpan[index] ?? 0;
    const color = colors[index] ?? 0;
    const lead = leads[frame] ?? 0;
    if (lead === 0) kept[frame] = color;
    leads[frame] = lead === 0 || kept[frame] === color ? lead + 1 : lead - 1;
  }
  const votes = leads.fill(0);
  for (let index = 0; index < frameOfSpan.length; index++) {
    const frame = frameOfSpan[index] ?? 0;
    if (kept[frame] === colors[index]) votes[frame] = (votes[frame] ?? 0) + 1;
  }
  return kept.map((color, frame) =>
    (votes[frame] ?? 0) * 2 > (counts[frame] ?? 0) ? color : NO_COLOR_INDEX,
  );
}

/** Frames above have lower numbers. */
function measureDepths(parents: Int32Array): Pick<CallPaths, 'depths' | 'maxDepth'> {
  const depths = new Uint32Array(parents.length);
  let maxDepth = 0;
  for (let frame = 0; frame < parents.length; frame++) {
    const parent = parents[frame] ?? -1;
    if (parent >= 0) depths[frame] = (depths[parent] ?? 0) + 1;
    maxDepth = Math.max(maxDepth, depths[frame] ?? 0);
  }
  return { depths, maxDepth };
}

/** The frames above one, from the top, and itself last. */
export function pathOfFrame({ parents }: CallPaths, frame: number): readonly number[] {
  const path: number[] = [];
  for (let at = frame; at >= 0; at = parents[at] ?? -1) path.push(at);
  return path.toReversed();
}

/** The spans of a frame, longest first. */
export function spansOfFrame(view: TraceView, paths: CallPaths, frame: number): Uint32Array {
  const spans = view.tree.order.filter((index) => paths.frameOfSpan[index] === frame);
  return spans.sort((a, b) => (view.durationsNs[b] ?? 0) - (view.durationsNs[a] ?? 0) || a - b);
}

/** Numbers pairs of a frame above and an operation: open addressing in typed arrays. */
class FrameTable {
  count = 0;
  readonly parents: Int32Array;
  readonly operations: Uint32Array;
  readonly #slots: Int32Array;
  readonly #mask: number;

  constructor(capacity: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(capacity, 1) * 2));
    this.parents = new Int32Array(capacity);
    this.operations = new Uint32Array(capacity);
    this.#slots = new Int32Array(size).fill(-1);
    this.#mask = size - 1;
  }

  numberOf(parent: number, operation: number): number {
    let slot = mix(parent, operation) & this.#mask;
    for (;;) {
      const frame = this.#slots[slot] ?? -1;
      if (frame < 0) return this.#add(slot, parent, operation);
      if (this.parents[frame] === parent && this.operations[frame] === operation) return frame;
      slot = (slot + 1) & this.#mask;
    }
  }

  #add(slot: number, parent: number, operation: number): number {
    const frame = this.count++;
    this.#slots[slot] = frame;
    this.parents[frame] = parent;
    this.operations[frame] = operation;
    return frame;
  }
}

function mix(parent: number, operation: number): number {
  let value = Math.imul(parent ^ (parent >>> 15), 0x85ebca6b) ^ Math.imul(operation, 0xc2b2ae35);
  value = Math.imul(value ^ (value >>> 13), 0x27d4eb2f);
  return value ^ (value >>> 16);
}
