import type { Finding, FindingContext } from './finding.ts';

/** What a finding has of its spans and of what it costs. */
export type Evidence = Pick<Finding, 'root' | 'savingNs' | 'savingShare' | 'spans' | 'spanCount'>;

export function listEvidence(
  { timing }: FindingContext,
  spans: readonly number[],
  savingNs = 0,
): Evidence {
  const { root, rootDurationNs } = timing;
  return {
    root,
    savingNs,
    savingShare: rootDurationNs > 0 ? savingNs / rootDurationNs : 0,
    spans,
    spanCount: spans.length,
  };
}
