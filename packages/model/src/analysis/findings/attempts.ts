/**
 * Attempts at one thing. They are siblings of one operation; names that differ in a number only are one operation where a word says that
 * they are tries (`attempt 1`, `attempt 2`). Without such a word a number names a thing (`load item 1`, `step 2`): that the second went
 * well does not make good that the first failed. The attribute `http.request.resend_count` would say more, and is in no column.
 */
import { SPAN_STATUSES } from '../../span.ts';
import type { TraceColumns } from '../../trace-columns.ts';
import { FAILED } from '../span-relations.ts';
import type { FindingContext } from './finding.ts';

const UNSET = SPAN_STATUSES.indexOf('unset');
const TRYING = new Set(
  'attempt attempts try tries trial retry retries resend redeliver redelivery'.split(' '),
);

/** Of each name the first that is the same but for its numbers, where it says that it is a try; else itself. Indexes into `names`. */
export function numberOperations({ names }: TraceColumns): Uint32Array {
  const firsts = new Map<string, number>();
  return Uint32Array.from(names, (name, at) => {
    if (!/\d/.test(name)) return at;
    const words = name.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/);
    if (!words.some((word) => TRYING.has(word.toLowerCase()))) return at;
    const unnumbered = name.replaceAll(/\d+/g, '#');
    const first = firsts.get(unnumbered) ?? at;
    firsts.set(unnumbered, first);
    return first;
  });
}

/** Whether a span failed, or says nothing of itself and waits for one child alone, which did: what wraps a call. */
export function hasFailed({ columns, timing }: FindingContext, span: number): boolean {
  const { firsts, awaited, awaitedCounts } = timing.dependencies;
  let at = span;
  while (columns.statuses[at] === UNSET && awaitedCounts[at] === 1)
    at = awaited[firsts[at] ?? 0] ?? at;
  return columns.statuses[at] === FAILED;
}

/**
 * Whether siblings of one operation are attempts at one thing, one after the other: all failed, but for the last. A success among
 * others is rather a loop in which some failed. Where all failed, however many, they may be a loop over things that all fail; to give
 * up at the first would save the same.
 */
export function areAttempts(context: FindingContext, group: readonly number[]): boolean {
  const { windowStartsNs, windowEndsNs } = context.timing.dependencies;
  return group
    .slice(1)
    .every(
      (attempt, at) =>
        hasFailed(context, group[at] ?? 0) &&
        (windowStartsNs[attempt] ?? 0) >= (windowEndsNs[group[at] ?? 0] ?? 0),
    );
}
