import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import { Button } from '../../../ui/button.tsx';
import type { SearchOutcome } from '../use-search.ts';
import { SearchError } from './search-error.tsx';

/** The end of the list: more is on its way, could not be loaded, or is not there. */
export function LoadMore({ outcome }: { readonly outcome: SearchOutcome }): ReactNode {
  const { answer, error, isMoreFailed, isOutdated, isLoadingMore, loadMore } = outcome;
  if (error !== undefined && isMoreFailed) return <SearchError error={error} onRetry={loadMore} />;
  if (answer === undefined || isOutdated) return undefined;
  if (!answer.hasMore) return <p className="results-end">{messages.search.endOfList}</p>;
  return (
    <div className="results-more">
      <Button onClick={loadMore} disabled={isLoadingMore}>
        {isLoadingMore ? messages.search.loading : messages.search.loadMore}
      </Button>
    </div>
  );
}
