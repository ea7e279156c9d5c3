import { SPAN_STATUSES } from '../../span.ts';
import { AWAITED, FAILED } from '../span-relations.ts';
import { numberOperations } from './attempts.ts';
import type { FindingContext } from './finding.ts';

const OK = SPAN_STATUSES.indexOf('ok');

/** Why spans failed, over the index of the span. */
export interface FailureCauses {
  /** The child that explains why a span failed, or why something failed below one that does not say so itself; -1 for none. */
  readonly causes: Int32Array;
  /** 1 for a child whose failure, or a failure below it, was not made good by its parent's other children. */
  readonly counts: Uint8Array;
}

/** How well a child explains its parent's failure: what was cancelled is an effect rather than a cause. */
const EXPLAINS_NOTHING = 0;
const WAS_CANCELLED = 1;
const FAILED_BELOW = 2;
const FAILED_ITSELF = 3;

/**
 * From the leaves up: of the children that a span waits for, the one that explains it best is the last to end of those that failed,
 * else of those that say nothing of themselves and have a failure below, else of those that were cancelled.
 *
 * A failure was made good where exactly one other child of the same operation succeeded, and began after it had ended: an attempt. More
 * successes are rather a loop, in which another's success is no comfort. A span whose status is `ok` has dealt with all that
 * failed below it. Linear.
 */
export function explainFailures(context: FindingContext): FailureCauses {
  const { tree } = context.timing.dependencies;
  const pass = new FailurePass(context);
  for (let row = tree.order.length - 1; row >= 0; row--) pass.explain(tree.order[row] ?? 0);
  return pass;
}

interface Successes {
  count: number;
  readonly startNs: number;
}

class FailurePass implements FailureCauses {
  readonly causes: Int32Array;
  readonly counts: Uint8Array;
  readonly #context: FindingContext;
  /** Of each name. */
  readonly #operations: Uint32Array;
  /** As the constants above, of spans whose children were looked at. */
  readonly #explains: Uint8Array;

  constructor(context: FindingContext) {
    const { spanCount } = context.columns;
    this.#context = context;
    this.#operations = numberOperations(context.columns);
    this.causes = new Int32Array(spanCount).fill(-1);
    this.counts = new Uint8Array(spanCount);
    this.#explains = new Uint8Array(spanCount);
  }

  /** Those of its children must have been explained. */
  explain(span: number): void {
    const { columns, timing } = this.#context;
    const { relations } = timing.dependencies;
    const status = columns.statuses[span];
    if (status !== OK) this.#findCause(span);
    const isBelow = (this.causes[span] ?? -1) >= 0;
    if (status !== FAILED) this.#explains[span] = isBelow ? FAILED_BELOW : EXPLAINS_NOTHING;
    else if (columns.cancelled[span] !== 1) this.#explains[span] = FAILED_ITSELF;
    else
      this.#explains[span] =
        isBelow && this.#explains[this.causes[span] ?? -1] !== WAS_CANCELLED
          ? FAILED_BELOW
          : WAS_CANCELLED;
    // Nobody waits for it, so that it explains nobody.
    if (relations[span] !== AWAITED) this.#explains[span] = EXPLAINS_NOTHING;
  }

  #findCause(span: number): void {
    const { columns, timing } = this.#context;
    const { firsts, awaited, awaitedCounts, windowEndsNs } = timing.dependencies;
    const from = firsts[span] ?? 0;
    const to = from + (awaitedCounts[span] ?? 0);
    if (!this.#hasFailure(from, to)) return;
    const successes = this.#listSuccesses(from, to);
    /** Nobody who does not fail itself is explained by what was cancelled. */
    let best = columns.statuses[span] === FAILED ? EXPLAINS_NOTHING : WAS_CANCELLED;
    for (let at = to - 1; at >= from; at--) {
      const child = awaited[at] ?? 0;
      const explains = this.#explains[child] ?? 0;
      if (explains === EXPLAINS_NOTHING) continue;
      const again = successes.get(this.#operationOf(child));
      const isMadeGood = again?.count === 1 && again.startNs >= (windowEndsNs[child] ?? 0);
      if (isMadeGood) continue;
      if (explains > WAS_CANCELLED) this.counts[child] = 1;
      if (explains <= best) continue;
      best = explains;
      this.causes[span] = child;
    }
  }

  #hasFailure(from: number, to: number): boolean {
    const { awaited } = this.#context.timing.dependencies;
    for (let at = from; at < to; at++)
      if (this.#explains[awaited[at] ?? 0] !== EXPLAINS_NOTHING) return true;
    return false;
  }

  /** By operation. */
  #listSuccesses(from: number, to: number): ReadonlyMap<number, Successes> {
    const { columns, timing } = this.#context;
    const { awaited, windowStartsNs } = timing.dependencies;
    const successes = new Map<number, Successes>();
    for (let at = from; at < to; at++) {
      const child = awaited[at] ?? 0;
      const hasFailed = columns.statuses[child] === FAILED || columns.cancelled[child] === 1;
      if (hasFailed || this.#explains[child] !== EXPLAINS_NOTHING) continue;
      const operation = this.#operationOf(child);
      const known = successes.get(operation);
      if (known === undefined)
        successes.set(operation, { count: 1, startNs: windowStartsNs[child] ?? 0 });
      else known.count++;
    }
    return successes;
  }

  #operationOf(span: number): number {
    const { serviceIndexes, nameIndexes, names } = this.#context.columns;
    return (
      (serviceIndexes[span] ?? 0) * names.length + (this.#operations[nameIndexes[span] ?? 0] ?? 0)
    );
  }
}
