import type { ReactNode } from 'react';
import { messages } from '../../../../messages/messages.ts';
import type { GroupBy } from '../../../../state/view-options.ts';
import { Button } from '../../../../ui/button.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { ProgressLine } from '../../../../ui/progress-line.tsx';
import type { GroupedSpans } from './use-span-groups.ts';

const TEXTS = messages.trace.attributeChoice;

export interface GroupsPendingProps {
  readonly grouped: GroupedSpans;
  readonly groupBy: GroupBy;
  readonly onCancel: () => void;
}

/** While the values of an attribute are read, or when they could not be. */
export function GroupsPending({ grouped, groupBy, onCancel }: GroupsPendingProps): ReactNode {
  const label = TEXTS.loadingValues(typeof groupBy === 'string' ? groupBy : groupBy.key);
  if (grouped.error !== undefined) {
    return (
      <div className="view-problem">
        <Notice kind="error" title={TEXTS.problem}>
          <p>{grouped.error.message}</p>
          <Button onClick={grouped.retry}>{messages.trace.views.retry}</Button>
        </Notice>
      </div>
    );
  }
  return (
    <>
      <ProgressLine active label={label} />
      <div className="groups-pending">
        <p role="status">{label}</p>
        <Button onClick={onCancel}>{messages.trace.statistics.cancel}</Button>
      </div>
    </>
  );
}
