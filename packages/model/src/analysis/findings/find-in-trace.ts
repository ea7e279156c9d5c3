import { viewApartRoots } from './apart-roots.ts';
import { findErrorOrigins } from './error-origin.ts';
import type { Finding, FindingContext, FindingKind } from './finding.ts';
import { findAbandonedWork, findCancelledWork } from './lost-work.ts';
import { findMissingParents, findMissingServers } from './missing-spans.ts';
import { findRepeatedCalls } from './repeated-calls.ts';
import { findRetries } from './retries.ts';
import { findSequentialCalls } from './sequential-calls.ts';
import { findSlowDependencies } from './slow-dependency.ts';
import { findWaitingCalls, findWaitingMessages } from './waiting.ts';

/** Of findings that save the same, nothing mostly, those first that say more of what happened. */
const RANKS: Readonly<Record<FindingKind, number>> = {
  'error-origin': 0,
  'other-errors': 1,
  'repeated-calls': 2,
  'sequential-calls': 3,
  retries: 4,
  'waiting-calls': 5,
  'slow-dependency': 6,
  'abandoned-work': 7,
  'cancelled-work': 8,
  'waiting-messages': 9,
  'missing-parents': 10,
  'missing-servers': 11,
};

/**
 * All that is to be found: where errors began first, then what would save most of the main root, or of what it does not wait
 * for, at most `maxFindings`.
 */
export function findInTrace(context: FindingContext): readonly Finding[] {
  const { maxFindings, maxEvidenceSpans } = context.options;
  const findings: readonly Finding[] = [
    ...findErrorOrigins(context),
    ...[context, ...viewApartRoots(context)].flatMap(findSavings),
    ...findAbandonedWork(context),
    ...findCancelledWork(context),
    ...findWaitingMessages(context),
    ...findMissingParents(context),
    ...findMissingServers(context),
  ];
  return findings
    .toSorted((a, b) => costOf(b) - costOf(a) || RANKS[a.kind] - RANKS[b.kind])
    .slice(0, maxFindings)
    .map((finding) => ({ ...finding, spans: finding.spans.slice(0, maxEvidenceSpans) }));
}

/** What would shorten the root of the timing. */
function findSavings(context: FindingContext): readonly Finding[] {
  const repeated = findRepeatedCalls(context);
  const retries = findRetries(context);
  return [
    ...repeated,
    ...findSequentialCalls(context, repeated),
    ...retries,
    ...findWaitingCalls(context),
    ...findSlowDependencies(context, { repeated, retries }),
  ];
}

function costOf(finding: Finding): number {
  return isOpenError(finding) ? Number.MAX_VALUE : finding.savingNs;
}

/** What was dealt with is no more than a note. */
function isOpenError(finding: Finding): boolean {
  if (finding.kind === 'error-origin') return finding.reach !== 'handled';
  return finding.kind === 'other-errors' && !finding.areHandled;
}
