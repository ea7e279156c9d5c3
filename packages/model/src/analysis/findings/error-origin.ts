import { SPAN_STATUSES } from '../../span.ts';
import { AWAITED, FAILED } from '../span-relations.ts';
import { listEvidence } from './evidence.ts';
import type { ErrorOrigin, FindingContext } from './finding.ts';

const OK = SPAN_STATUSES.indexOf('ok');

/**
 * Goes down from a root that failed: to the child that failed last, which it gave up on, and from there on. A failure after which
 * the same operation succeeded was dealt with. Where no child failed, through one that says nothing of itself and has a failed span below. What ends the way explains the root: nothing that it waited
 * for failed.
 */
export function findErrorOrigin(context: FindingContext): readonly ErrorOrigin[] {
  const { columns, timing } = context;
  const { root } = timing;
  if (columns.statuses[root] !== FAILED) return [];
  const failsBelow = markFailures(context);
  const way = [root];
  let isUnbroken = true;
  for (;;) {
    const span = way.at(-1) ?? root;
    const failed = findLastChild(context, span, (child) => columns.statuses[child] === FAILED);
    const next =
      failed ??
      findLastChild(context, span, (child) => {
        return failsBelow[child] === 1 && columns.statuses[child] !== FAILED;
      });
    if (next === undefined) break;
    if (failed === undefined) isUnbroken = false;
    way.push(next);
  }
  const services = new Set(way.map((span) => columns.serviceIndexes[span]));
  return [
    {
      kind: 'error-origin',
      ...listEvidence(context, way),
      origin: way.at(-1) ?? root,
      serviceCount: services.size,
      isUnbroken,
    },
  ];
}

/** Of the children that a span waits for, the last to end that is so and was not made good. */
function findLastChild(
  { columns, timing }: FindingContext,
  span: number,
  is: (child: number) => boolean,
): number | undefined {
  const { statuses, serviceIndexes, nameIndexes, names } = columns;
  const { firsts, awaited, awaitedCounts, windowStartsNs, windowEndsNs } = timing.dependencies;
  const from = firsts[span] ?? 0;
  /** When the same operation began that succeeded, the last time. */
  const succeededNs = new Map<number, number>();
  for (let at = from + (awaitedCounts[span] ?? 0) - 1; at >= from; at--) {
    const child = awaited[at] ?? 0;
    const operation = (serviceIndexes[child] ?? 0) * names.length + (nameIndexes[child] ?? 0);
    const againNs = succeededNs.get(operation) ?? -Infinity;
    if (is(child) && againNs < (windowEndsNs[child] ?? 0)) return child;
    if (statuses[child] !== FAILED)
      succeededNs.set(operation, Math.max(againNs, windowStartsNs[child] ?? 0));
  }
  return undefined;
}

/** 1 for what failed, and for what says nothing and waited for such a span. */
function markFailures({ columns, timing }: FindingContext): Uint8Array {
  const { tree, relations } = timing.dependencies;
  const fails = new Uint8Array(columns.spanCount);
  for (let row = columns.spanCount - 1; row >= 0; row--) {
    const span = tree.order[row] ?? 0;
    if (columns.statuses[span] === FAILED) fails[span] = 1;
    if (columns.statuses[span] === OK) fails[span] = 0;
    if (fails[span] === 1 && relations[span] === AWAITED) fails[tree.parents[span] ?? -1] = 1;
  }
  return fails;
}
