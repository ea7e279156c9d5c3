import type { ClewClient } from '@clew/api';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { formatTimeRange } from '../../base/format-time.ts';
import type { QueryValues } from '../../state/query-string.ts';
import { msFromNanos } from '../../state/search-state.ts';
import type { ResolvedSearchState } from '../../state/search-state.ts';
import { Store } from '../../state/store.ts';
import { EmbedFoot } from '../../ui/embed.tsx';
import { useTimeZone } from '../../ui/time-zone.tsx';
import { TopLine } from '../../ui/top-line.tsx';
import { describeConditions } from './history/describe-search.ts';
import { SearchPicture } from './picture/search-picture.tsx';
import { useHistogram } from './picture/use-histogram.ts';
import { useSearchActions } from './use-search-actions.ts';

export interface EmbeddedSearchProps {
  readonly client: ClewClient;
  readonly state: ResolvedSearchState;
  readonly onSearchChange: (next: QueryValues, options: { readonly replace: boolean }) => void;
}

/** The picture of a search alone, where the page stands in another one. */
export function EmbeddedSearch({ client, state, onSearchChange }: EmbeddedSearchProps): ReactNode {
  const histogram = useHistogram(client, state);
  const onSearchAgain = histogram.askAgain;
  const actions = useSearchActions({ state, onSearchChange, onSearchAgain });
  const [pointedMs] = useState(() => new Store<number | undefined>(undefined));
  const zone = useTimeZone();
  const subject = describeConditions(state);
  return (
    <div className="search-embedded">
      <TopLine title={subject}>{undefined}</TopLine>
      <SearchPicture state={state} histogram={histogram} pointedMs={pointedMs} actions={actions} />
      <EmbedFoot>
        <strong>{subject}</strong>{' '}
        {formatTimeRange(msFromNanos(state.start), msFromNanos(state.end), zone)}
      </EmbedFoot>
    </div>
  );
}
