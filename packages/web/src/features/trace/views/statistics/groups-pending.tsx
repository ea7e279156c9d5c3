import type { ReactNode } from 'react';
import { messages } from '../../../../messages/messages.ts';
import { Button } from '../../../../ui/button.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { ProgressLine } from '../../../../ui/progress-line.tsx';
import type { LoadedValues } from '../../use-attribute-values.ts';

const TEXTS = messages.trace.attributeChoice;

export interface GroupsPendingProps {
  readonly loaded: LoadedValues;
  /** Its key. */
  readonly attribute: string;
  readonly onCancel: () => void;
}

/** While the values of an attribute are read, or when they could not be. */
export function GroupsPending({ loaded, attribute, onCancel }: GroupsPendingProps): ReactNode {
  const label = TEXTS.loadingValues(attribute);
  if (loaded.error !== undefined) {
    return (
      <div className="view-problem">
        <Notice kind="error" title={TEXTS.problem}>
          <p>{loaded.error.message}</p>
          <Button onClick={loaded.retry}>{messages.trace.views.retry}</Button>
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
