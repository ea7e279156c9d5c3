import { ApiError } from '@clew/api';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import { Button } from '../../../ui/button.tsx';
import { fieldOfParameter } from '../form/search-draft.ts';
import { Notice } from '../../../ui/notice.tsx';

const text = messages.search.error;

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
  const canRetry = !isRefusal(error);
  return (
    <div className="search-error">
      <Notice kind="error" title={title}>
        <span>{advice}</span>
        {canRetry ? <Button onClick={onRetry}>{messages.search.tryAgain}</Button> : undefined}
      </Notice>
    </div>
  );
}

/** The server will not have the question, however often it is asked. */
export function isRefusal(error: Error | undefined): boolean {
  return error instanceof ApiError && error.code === 'invalid_argument';
}

function explain(error: Error): { readonly title: string; readonly advice: string } {
  if (!(error instanceof ApiError)) return { title: text.failed, advice: error.message };
  if (error.status === 0) {
    return {
      title: text.unreachable,
      advice: text.unreachableAdvice,
    };
  }
  if (isRefusal(error)) {
    const isMarked = fieldOfParameter(error.parameter) !== undefined;
    const advice = isMarked ? text.marked : error.message;
    return { title: text.refused, advice };
  }
  if (error.code === 'deadline_exceeded' || error.code === 'resource_exhausted') {
    return { title: text.tooMuch, advice: text.tooMuchAdvice(error.message) };
  }
  // What has no words of its own says its status alone, as the title does.
  const hasReason = !error.message.includes(`answered ${error.status}`);
  const reason = hasReason && error.message !== 'internal error' ? error.message : undefined;
  return { title: text.failedWith(error.status), advice: text.failedAdvice(reason) };
}
