import { ApiError } from '@clew/api';
import type { ReactNode } from 'react';
import { Button } from '../../../ui/button.tsx';
import { fieldOfParameter } from '../form/search-draft.ts';
import { Notice } from '../../../ui/notice.tsx';

/** The search failed: what, why, and what to do. */
export function SearchError({
  error,
  onRetry,
}: {
  readonly error: Error;
  readonly onRetry: () => void;
}): ReactNode {
  const { title, advice } = explain(error);
  // The same condition would be refused again.
  const canRetry = !(error instanceof ApiError && error.code === 'invalid_argument');
  return (
    <div className="search-error">
      <Notice kind="error" title={title}>
        <span>{advice}</span>
        {canRetry ? <Button onClick={onRetry}>Try again</Button> : undefined}
      </Notice>
    </div>
  );
}

function explain(error: Error): { readonly title: string; readonly advice: string } {
  if (!(error instanceof ApiError)) return { title: 'The search failed', advice: error.message };
  if (error.status === 0) {
    return {
      title: 'Clew cannot be reached',
      advice: 'The server is not running, or the network between it and this browser is down.',
    };
  }
  if (error.code === 'invalid_argument') {
    const isMarked = fieldOfParameter(error.parameter) !== undefined;
    const advice = isMarked ? 'It is marked above, with the reason.' : error.message;
    return { title: 'The server refused a condition', advice };
  }
  if (error.code === 'deadline_exceeded' || error.code === 'resource_exhausted') {
    const advice = `${error.message}. A shorter time range or a service asks less of the store.`;
    return { title: 'The search took too much', advice };
  }
  return { title: `The search failed (HTTP ${error.status})`, advice: error.message };
}
