/**
 * What a span that failed did after a failure below it. An exception is noted where it is caught last, so that the span's last event
 * `exception` (https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/) is when its own failure was known, and its end
 * where it has none. What went well between a child's failure and that moment says that the child was not why, or not for certain.
 */
import { lengthOf } from '../dependencies.ts';
import { CLIENT, SERVER } from '../span-relations.ts';
import type { FindingContext } from './finding.ts';

/** `sure`: nothing in between. `doubtful`: something went well, or half of the span's time passed. `went-on`: both. */
export type Verdict = 'sure' | 'doubtful' | 'went-on';

export interface Aftermath {
  readonly parent: number;
  /** When the failure of the parent was known, on the clock of the windows. */
  readonly decidedNs: number;
  readonly hasException: boolean;
  /** The last child to begin that went well before that; -1 for none. */
  readonly lastSuccess: number;
}

/** `isSuccess` answers for children that the parent waits for. */
export function findAftermath(
  context: FindingContext,
  parent: number,
  isSuccess: (child: number) => boolean,
): Aftermath {
  const { firsts, awaited, awaitedCounts, windowStartsNs, windowEndsNs } =
    context.timing.dependencies;
  const exceptionNs = findLastException(context, parent);
  const decidedNs = Math.min(exceptionNs ?? Infinity, windowEndsNs[parent] ?? 0);
  const startOf = (child: number): number => windowStartsNs[child] ?? 0;
  const from = firsts[parent] ?? 0;
  let lastSuccess = -1;
  for (const child of awaited.subarray(from, from + (awaitedCounts[parent] ?? 0))) {
    const endNs = windowEndsNs[child] ?? 0;
    const hasEnded = endNs <= decidedNs && endNs > startOf(child);
    if (!hasEnded || !isSuccess(child) || isCleaning(context, child)) continue;
    if (lastSuccess < 0 || startOf(child) >= startOf(lastSuccess)) lastSuccess = child;
  }
  return { parent, decidedNs, hasException: exceptionNs !== undefined, lastSuccess };
}

/** Whether a child that failed is why its parent did. */
export function judgeCause(
  { columns, timing, options }: FindingContext,
  { parent, decidedNs, hasException, lastSuccess }: Aftermath,
  child: number,
): Verdict {
  // A client does nothing but wait for its server.
  if (columns.kinds[parent] === CLIENT && columns.kinds[child] === SERVER) return 'sure';
  const { windowStartsNs, windowEndsNs } = timing.dependencies;
  const endNs = windowEndsNs[child] ?? 0;
  const longNs = options.minAftermathShare * lengthOf(timing.dependencies, parent);
  const hasGoneOn = lastSuccess >= 0 && (windowStartsNs[lastSuccess] ?? 0) >= endNs;
  if (!hasGoneOn) return decidedNs - endNs > longNs ? 'doubtful' : 'sure';
  const untilNs = hasException ? decidedNs : (windowEndsNs[lastSuccess] ?? 0);
  return untilNs - endNs > longNs ? 'went-on' : 'doubtful';
}

function findLastException({ columns, timing }: FindingContext, span: number): number | undefined {
  const { eventFirsts, eventTimesNs, eventNameIndexes, eventNames } = columns;
  const skewNs = timing.dependencies.skewsNs[span] ?? 0;
  let lastNs: number | undefined;
  for (let at = eventFirsts[span] ?? 0; at < (eventFirsts[span + 1] ?? 0); at++) {
    if (eventNames[eventNameIndexes[at] ?? -1] !== 'exception') continue;
    lastNs = Math.max(lastNs ?? -Infinity, (eventTimesNs[at] ?? 0) + skewNs);
  }
  return lastNs;
}

/** A transaction that is rolled back because of the failure. */
function isCleaning({ columns: { names, nameIndexes } }: FindingContext, span: number): boolean {
  return /rollback/i.test(names[nameIndexes[span] ?? -1] ?? '');
}
