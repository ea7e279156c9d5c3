import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../messages/messages.ts';
import { assessCompleteness } from '../../trace/completeness.ts';
import type { Completeness } from '../../trace/completeness.ts';
import type { FoldLoss } from '../../state/fold-url.ts';
import type { TraceView } from '../../trace/trace-view.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import './arrival-notice.css';

const TEXTS = messages.trace.arrival;

export interface ArrivalNoticeProps {
  readonly view: TraceView;
  /** When the answer came, in milliseconds since 1970. */
  readonly loadedAtMs: number;
  readonly isRefreshing: boolean;
  readonly refreshError: Error | undefined;
  /** The span that the address names and that is not here. */
  readonly missingSpan: string | undefined;
  /** Why the address does not say what is folded away, if it does not. */
  readonly foldLoss: FoldLoss | undefined;
  readonly onRefresh: () => void;
}

/** Says that spans are missing or may still be on their way, and gets them, and what a link cannot restore; nothing when all is whole. */
export function ArrivalNotice(props: ArrivalNoticeProps): ReactNode {
  const { view, loadedAtMs, isRefreshing, refreshError, missingSpan, foldLoss, onRefresh } = props;
  const completeness = useMemo(() => assessCompleteness(view, loadedAtMs), [view, loadedAtMs]);
  const notice = describeProblem(refreshError, missingSpan) ?? describeArrival(completeness);
  return (
    <>
      {notice === undefined ? undefined : (
        <div className="arrival-notice" role="status" data-tone={notice.tone}>
          <Icon name={notice.tone === 'error' ? 'error' : 'warning'} />
          <span>{notice.text}</span>
          <Button disabled={isRefreshing} onClick={onRefresh}>
            {isRefreshing ? TEXTS.refreshing : TEXTS.refresh}
          </Button>
        </div>
      )}
      {foldLoss === undefined ? undefined : (
        <div className="arrival-notice" role="status" data-tone="quiet">
          <span>{TEXTS.foldLosses[foldLoss]}</span>
        </div>
      )}
    </>
  );
}

interface Notice {
  /** `quiet` for what is no fault: a whole trace that has only just ended. */
  readonly tone: 'error' | 'warning' | 'quiet';
  readonly text: string;
}

function describeProblem(
  refreshError: Error | undefined,
  missingSpan: string | undefined,
): Notice | undefined {
  if (refreshError !== undefined) {
    return { tone: 'error', text: TEXTS.notRefreshed(refreshError.message) };
  }
  if (missingSpan === undefined) return undefined;
  return { tone: 'warning', text: TEXTS.missingSpan(missingSpan) };
}

/** After so long, what is missing has been lost or was never sent, rather than being on its way. */
const ARRIVING_NS = 5 * 60e9;

function describeArrival(completeness: Completeness): Notice | undefined {
  const { orphanCount, missingParentCount, isRootMissing, isRecent, ageNs } = completeness;
  const isArriving = ageNs < ARRIVING_NS;
  if (orphanCount > 0) {
    const missing = { orphanCount, missingParentCount, isRootMissing, isArriving };
    return { tone: 'warning', text: TEXTS.missingParents(missing) };
  }
  if (isRootMissing) return { tone: 'warning', text: TEXTS.noRoot(isArriving) };
  if (!isRecent) return undefined;
  return { tone: 'quiet', text: TEXTS.recent(Math.max(0, ageNs)) };
}
