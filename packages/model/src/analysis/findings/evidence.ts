import type { Finding, FindingContext } from './finding.ts';

/** What a finding has of its spans and of what it costs. */
export function listEvidence(
  { timing }: FindingContext,
  spans: readonly number[],
  savingNs = 0,
): Pick<Finding, 'savingNs' | 'savingShare' | 'spans' | 'spanCount'> {
  const { rootDurationNs } = timing;
  return {
    savingNs,
    savingShare: rootDurationNs > 0 ? savingNs / rootDurationNs : 0,
    spans,
    spanCount: spans.length,
  };
}
