import { Component, Suspense, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import { Button } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { useDelayed } from '../../../ui/use-delayed.ts';
import { createLazyView } from './lazy-views.ts';
import type { LazyPageName } from './lazy-views.ts';
import type { ViewProps } from './view-props.ts';

/** A picture of the trace besides its timeline. */
export function OtherView({
  page,
  ...props
}: ViewProps & { readonly page: LazyPageName }): ReactNode {
  const [attempt, setAttempt] = useState(0);
  // oxlint-disable-next-line react/exhaustive-deps -- Another attempt needs another component.
  const View = useMemo(() => createLazyView(page), [page, attempt]);
  return (
    <ViewBoundary key={`${page} ${attempt}`} onRetry={() => setAttempt(attempt + 1)}>
      <Suspense fallback={<ViewPending />}>
        <View {...props} />
      </Suspense>
    </ViewBoundary>
  );
}

/** What is here sooner needs no words. */
const LATE_MS = 300;

function ViewPending(): ReactNode {
  const isLate = useDelayed(true, LATE_MS);
  return (
    <p className="view-note" role="status">
      {isLate ? messages.trace.views.loading : ''}
    </p>
  );
}

interface ViewBoundaryProps {
  readonly children: ReactNode;
  readonly onRetry: () => void;
}

/** Keeps a picture that fails, or whose code cannot be fetched, from taking the page with it. */
class ViewBoundary extends Component<ViewBoundaryProps, { readonly error: Error | undefined }> {
  override readonly state: { readonly error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: Error): { readonly error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <div className="view-problem">
        <Notice kind="error" title={messages.trace.views.failed}>
          <p>{error.message}</p>
          <Button onClick={this.props.onRetry}>{messages.trace.views.retry}</Button>
        </Notice>
      </div>
    );
  }
}
