import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { formatCounted, formatDuration } from '../../base/format.ts';
import { assessCompleteness } from '../../trace/completeness.ts';
import type { Completeness } from '../../trace/completeness.ts';
import type { TraceView } from '../../trace/trace-view.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import './arrival-notice.css';

export interface ArrivalNoticeProps {
  readonly view: TraceView;
  /** When the answer came, in milliseconds since 1970. */
  readonly loadedAtMs: number;
  readonly isRefreshing: boolean;
  readonly refreshError: Error | undefined;
  /** The span that the address names and that is not here. */
  readonly missingSpan: string | undefined;
  readonly onRefresh: () => void;
}

/** Says that spans are missing or may still be on their way, and gets them; nothing when the trace is whole. */
export function ArrivalNotice(props: ArrivalNoticeProps): ReactNode {
  const { view, loadedAtMs, isRefreshing, refreshError, missingSpan, onRefresh } = props;
  const completeness = useMemo(() => assessCompleteness(view, loadedAtMs), [view, loadedAtMs]);
  const notice = describeProblem(refreshError, missingSpan) ?? describeArrival(completeness);
  if (notice === undefined) return undefined;
  return (
    <div className="arrival-notice" role="status" data-tone={notice.tone}>
      <Icon name={notice.tone === 'error' ? 'error' : 'warning'} />
      <span>{notice.text}</span>
      <Button disabled={isRefreshing} onClick={onRefresh}>
        {isRefreshing ? 'Refreshing…' : 'Refresh'}
      </Button>
    </div>
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
    const text = `Not refreshed: ${refreshError.message}. This is what was loaded before.`;
    return { tone: 'error', text };
  }
  if (missingSpan === undefined) return undefined;
  const text = `The span of this link, ${missingSpan}, is not here. It may still be on its way`;
  return { tone: 'warning', text };
}

/** After so long, what is missing has been lost or was never sent, rather than being on its way. */
const ARRIVING_NS = 5 * 60e9;

function describeArrival(completeness: Completeness): Notice | undefined {
  const { orphanCount, missingParentCount, isRootMissing, isRecent, ageNs } = completeness;
  const isArriving = ageNs < ARRIVING_NS;
  const lead = isArriving ? 'Still arriving' : 'Incomplete';
  if (orphanCount > 0) {
    const verb = orphanCount === 1 ? 'refers' : 'refer';
    const parents =
      missingParentCount === 1 ? 'a parent that is not here' : 'parents that are not here';
    const root = isRootMissing ? '; the root span is missing' : '';
    const why = isArriving ? '' : '. What is missing was lost, sampled away or deleted';
    const spans = formatCounted(orphanCount, 'span');
    return { tone: 'warning', text: `${lead}: ${spans} ${verb} to ${parents}${root}${why}` };
  }
  if (isRootMissing) return { tone: 'warning', text: `${lead}: no root span is here` };
  if (!isRecent) return undefined;
  const age = formatDuration(Math.max(0, ageNs));
  const text = `May still be arriving: the newest span ended ${age} before this was loaded`;
  return { tone: 'quiet', text };
}
