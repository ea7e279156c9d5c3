import { lengthOf } from '../dependencies.ts';
import { areAttempts, hasFailed, numberOperations } from './attempts.ts';
import { listEvidence } from './evidence.ts';
import type { FindingContext, Retries } from './finding.ts';
import { groupSiblings } from './sibling-groups.ts';
import {
  addUpLengths,
  createSaving,
  isWorthwhile,
  listWorthwhileParents,
  pickCandidates,
} from './worthwhile-saving.ts';
import type { Candidate, Saving } from './worthwhile-saving.ts';

/**
 * The same operation under one span, one after the other, until it succeeded or was given up. That it would have succeeded at once
 * is what the saving assumes: no failed attempt, and no pause.
 */
export function findRetries(context: FindingContext): readonly Retries[] {
  const { minFaultSavingNs } = context.options;
  const saving = createSaving(context);
  const operations = numberOperations(context.columns);
  const candidates = listWorthwhileParents(context, minFaultSavingNs).flatMap((parent) =>
    groupSiblings(context, parent, operations)
      .filter((group) => areAttempts(context, group))
      .map((spans): Candidate => ({ parent, spans, mostNs: timeBeforeLast(context, spans) })),
  );
  return pickCandidates(context, candidates, minFaultSavingNs)
    .map((candidate) => measureRetries(context, candidate, saving))
    .filter(({ savingNs }) => isWorthwhile(context, savingNs, minFaultSavingNs));
}

function timeBeforeLast({ timing }: FindingContext, group: readonly number[]): number {
  const { windowStartsNs } = timing.dependencies;
  return (windowStartsNs[group.at(-1) ?? 0] ?? 0) - (windowStartsNs[group[0] ?? 0] ?? 0);
}

function measureRetries(
  context: FindingContext,
  { parent, spans, mostNs }: Candidate,
  saving: Saving,
): Retries {
  const { dependencies } = context.timing;
  const { firsts, awaited, waitCounts, gapsNs } = dependencies;
  const last = spans.at(-1) ?? 0;
  const attempts = new Set(spans);
  const isFailed = (child: number | undefined): boolean =>
    child !== undefined && child !== last && attempts.has(child);
  /** Whether the parent does nothing before it but wait to try again. */
  const isAgain = (child: number): boolean =>
    attempts.has(child) &&
    isFailed(awaited[(firsts[parent] ?? 0) + (waitCounts[child] ?? 0) - 1]) &&
    (waitCounts[child] ?? 0) > 0;
  const savingNs = saving(parent, {
    lengthOf: (child) => (isFailed(child) ? 0 : lengthOf(dependencies, child)),
    gapOf: (child) => (isAgain(child) ? 0 : (gapsNs[child] ?? 0)),
  });
  const failedNs = addUpLengths(context, spans.slice(0, -1)).totalNs;
  const hasSucceeded = !hasFailed(context, last);
  return {
    kind: 'retries',
    ...listEvidence(context, spans, savingNs),
    parent,
    tried: findTried(context, spans),
    hasSucceeded,
    mayBeLoop: !hasSucceeded && spans.length > context.options.maxAttempts,
    failedNs,
    pausesNs: mostNs - failedNs,
  };
}

/** The call in the first attempt where attempts are numbered, for their names say only that; else the first attempt. */
function findTried({ columns, timing }: FindingContext, spans: readonly number[]): number {
  const { firsts, awaited, awaitedCounts } = timing.dependencies;
  const [first = -1] = spans;
  const isNumbered = columns.nameIndexes[spans.at(-1) ?? -1] !== columns.nameIndexes[first];
  return isNumbered && awaitedCounts[first] === 1 ? (awaited[firsts[first] ?? 0] ?? first) : first;
}
