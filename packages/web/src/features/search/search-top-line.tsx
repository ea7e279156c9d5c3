import type { ReactNode } from 'react';
import { isolatedText } from '../../base/visible-text.ts';
import { formatTimeRange } from '../../base/format-time.ts';
import { messages } from '../../messages/messages.ts';
import { msFromNanos } from '../../state/search-state.ts';
import type { ResolvedSearchState } from '../../state/search-state.ts';
import { useTimeZone } from '../../ui/time-zone.tsx';
import { TopLine } from '../../ui/top-line.tsx';

/** What is searched, for the browser's tab, and when. */
export function SearchTopLine({
  state,
  children,
}: {
  readonly state: ResolvedSearchState;
  /** What can be done beside searching. */
  readonly children: ReactNode;
}): ReactNode {
  const zone = useTimeZone();
  const subject = state.q ?? [state.service, state.spanName].filter(Boolean).join(' ');
  const range =
    state.show === 'live'
      ? messages.search.live.label
      : formatTimeRange(msFromNanos(state.start), msFromNanos(state.end), zone);
  return (
    <TopLine
      title={
        subject === '' ? messages.search.title : messages.search.titleOf(isolatedText(subject))
      }
    >
      <h1>{messages.search.title}</h1>
      <span className="search-range">{range}</span>
      <div className="search-top-actions">{children}</div>
    </TopLine>
  );
}
