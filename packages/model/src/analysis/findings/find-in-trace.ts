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
  'repeated-calls': 1,
  'sequential-calls': 2,
  retries: 3,
  'waiting-calls': 4,
  'slow-dependency': 5,
  'abandoned-work': 6,
  'cancelled-work': 7,
  'waiting-messages': 8,
  'missing-parents': 9,
  'missing-servers': 10,
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

function costOf({ kind, savingNs }: Finding): number {
  return kind === 'error-origin' ? Number.MAX_VALUE : savingNs;
}
