import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';

/** Says that what stands below is no answer to what was asked last. */
export function EarlierNote({
  isRefused,
}: {
  /** By the form, which says why: nothing was searched. */
  readonly isRefused: boolean;
}): ReactNode {
  return (
    <p className="search-earlier" role="status">
      {isRefused ? messages.search.earlierOfRefused : messages.search.earlier}
    </p>
  );
}
