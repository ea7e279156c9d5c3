import type { ReactNode } from 'react';
import { formatCount } from '../../../base/format.ts';
import { Button } from '../../../ui/button.tsx';
import type { SearchOutcome } from '../use-search.ts';
import { SearchError } from './search-error.tsx';

/** The way to older traces, at the end of the list. */
export function LoadMore({
  outcome,
  limit,
}: {
  readonly outcome: SearchOutcome;
  readonly limit: number;
}): ReactNode {
  if (outcome.error !== undefined) {
    return <SearchError error={outcome.error} onRetry={outcome.loadMore} />;
  }
  if (outcome.answer?.hasMore !== true || outcome.isOutdated) return undefined;
  return (
    <div className="results-more">
      <Button onClick={outcome.loadMore} disabled={outcome.isLoadingMore}>
        {outcome.isLoadingMore ? 'Loading …' : `Load ${formatCount(limit)} more`}
      </Button>
    </div>
  );
}
