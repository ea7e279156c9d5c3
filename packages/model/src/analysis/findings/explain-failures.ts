import { SPAN_STATUSES } from '../../span.ts';
import { AWAITED, FAILED } from '../span-relations.ts';
import { findAftermath, judgeCause } from './aftermath.ts';
import type { Aftermath, Verdict } from './aftermath.ts';
import { numberOperations } from './attempts.ts';
import type { FindingContext } from './finding.ts';

const OK = SPAN_STATUSES.indexOf('ok');

/** Why spans failed, over the index of the span. */
export interface FailureCauses {
  /** The child that explains why a span failed, or why something failed below one that does not say so itself; -1 for none. */
  readonly causes: Int32Array;
  /** 1 for a child whose failure, or a failure below it, was not made good by its parent's other children. */
  readonly counts: Uint8Array;
  /** 1 for a child that another attempt made good. */
  readonly madeGood: Uint8Array;
  /** 1 for a cause after which its parent did something else with success, or went on for long. */
  readonly doubts: Uint8Array;
  /** The span that went well after a child which failed, in a parent that failed of something else; -1 for none. */
  readonly followers: Int32Array;
  /** 1 for a parent of these. */
  readonly wentOn: Uint8Array;
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
 * failed below it. A span that went on for long after the failure, with success, did not fail of it. Linear.
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
  readonly madeGood: Uint8Array;
  readonly doubts: Uint8Array;
  readonly followers: Int32Array;
  readonly wentOn: Uint8Array;
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
    this.madeGood = new Uint8Array(spanCount);
    this.doubts = new Uint8Array(spanCount);
    this.followers = new Int32Array(spanCount).fill(-1);
    this.wentOn = new Uint8Array(spanCount);
    this.#explains = new Uint8Array(spanCount);
  }

  /** Those of its children must have been explained. */
  explain(span: number): void {
    const { columns, timing } = this.#context;
    const { relations } = timing.dependencies;
    const status = columns.statuses[span];
    this.#findCause(span);
    if (status === OK) this.causes[span] = -1;
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
    const { firsts, awaitedCounts } = timing.dependencies;
    const from = firsts[span] ?? 0;
    const to = from + (awaitedCounts[span] ?? 0);
    if (!this.#hasFailure(from, to)) return;
    const aftermath = this.#findAftermath(span);
    const followed: number[] = [];
    /** Nobody who does not fail itself is explained by what was cancelled. */
    let best = columns.statuses[span] === FAILED ? EXPLAINS_NOTHING : WAS_CANCELLED;
    for (const child of this.#listOpen(from, to)) {
      const explains = this.#explains[child] ?? 0;
      if (explains > WAS_CANCELLED) this.counts[child] = 1;
      if (explains <= best) continue;
      const verdict = this.#judge(aftermath, child);
      if (verdict === 'went-on') {
        if (this.counts[child] === 1) followed.push(child);
        continue;
      }
      best = explains;
      this.causes[span] = child;
      this.doubts[child] = verdict === 'doubtful' ? 1 : 0;
    }
    if (aftermath !== undefined && this.causes[span] === -1) this.#follow(aftermath, followed);
  }

  #follow({ parent, lastSuccess }: Aftermath, followed: readonly number[]): void {
    if (followed.length > 0) this.wentOn[parent] = 1;
    for (const child of followed) this.followers[child] = lastSuccess;
  }

  /** The failures that no other attempt made good, the last to end first. */
  #listOpen(from: number, to: number): readonly number[] {
    const { awaited, windowEndsNs } = this.#context.timing.dependencies;
    const successes = this.#listSuccesses(from, to);
    const open: number[] = [];
    for (let at = to - 1; at >= from; at--) {
      const child = awaited[at] ?? 0;
      if (this.#explains[child] === EXPLAINS_NOTHING) continue;
      const again = successes.get(this.#operationOf(child));
      const isMadeGood = again?.count === 1 && again.startNs >= (windowEndsNs[child] ?? 0);
      if (isMadeGood) this.madeGood[child] = 1;
      else open.push(child);
    }
    return open;
  }

  #judge(aftermath: Aftermath | undefined, child: number): Verdict {
    return aftermath === undefined ? 'sure' : judgeCause(this.#context, aftermath, child);
  }

  /** Of a span that failed. */
  #findAftermath(span: number): Aftermath | undefined {
    if (this.#context.columns.statuses[span] !== FAILED) return undefined;
    return findAftermath(this.#context, span, (child) => this.#isSuccess(child));
  }

  #isSuccess(child: number): boolean {
    const { statuses, cancelled } = this.#context.columns;
    const hasFailed = statuses[child] === FAILED || cancelled[child] === 1;
    return !hasFailed && this.#explains[child] === EXPLAINS_NOTHING;
  }

  #hasFailure(from: number, to: number): boolean {
    const { awaited } = this.#context.timing.dependencies;
    for (let at = from; at < to; at++)
      if (this.#explains[awaited[at] ?? 0] !== EXPLAINS_NOTHING) return true;
    return false;
  }

  /** By operation. */
  #listSuccesses(from: number, to: number): ReadonlyMap<number, Successes> {
    const { awaited, windowStartsNs } = this.#context.timing.dependencies;
    const successes = new Map<number, Successes>();
    for (let at = from; at < to; at++) {
      const child = awaited[at] ?? 0;
      if (!this.#isSuccess(child)) continue;
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
