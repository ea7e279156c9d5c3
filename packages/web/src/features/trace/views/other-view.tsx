import { Suspense, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import { Boundary } from '../../../ui/boundary.tsx';
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
    <Boundary
      key={`${page} ${attempt}`}
      renderFailure={(error) => (
        <div className="view-problem">
          <Notice kind="error" title={messages.trace.views.failed}>
            <p>{error.message}</p>
            <Button onClick={() => setAttempt(attempt + 1)}>{messages.trace.views.retry}</Button>
          </Notice>
        </div>
      )}
    >
      <Suspense fallback={<ViewPending />}>
        <View {...props} />
      </Suspense>
    </Boundary>
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
