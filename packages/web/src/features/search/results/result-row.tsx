import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatDateTime, formatMoment, formatRelative } from '../../../base/format-time.ts';
import { messages } from '../../../messages/messages.ts';
import { useTimeZone } from '../../../ui/time-zone.tsx';
import type { ResultRowPlace } from './result-list.tsx';

export interface ResultRowProps {
  readonly place: ResultRowPlace;
  readonly traceId: string;
  /** What the address of the trace's page says besides. */
  readonly search: { readonly span: string | undefined; readonly source?: 'file' | undefined };
  /** Of the link: which columns it has. */
  readonly className: string;
  /** What the list is ordered by where it is ordered by time, milliseconds since 1970, as `nowMs` is. */
  readonly whenMs: number;
  /** When the trace began, where `whenMs` says something else. */
  readonly traceStartMs?: number | undefined;
  readonly nowMs: number;
  /** Told when the pointer comes, and when it goes. */
  readonly onPoint: (isPointed: boolean) => void;
  /** Before the link, in its margin. */
  readonly tick?: ReactNode;
  /** The columns after those of time. */
  readonly children: ReactNode;
}

/** A row of what was found: a link to a trace that begins with when it was. */
export function ResultRow({ place, whenMs, nowMs, onPoint, ...props }: ResultRowProps): ReactNode {
  const { ref, index, count, isCurrent, onFocus } = place;
  const { traceStartMs = whenMs } = props;
  const zone = useTimeZone();
  const moment = formatDateTime(whenMs, zone);
  return (
    <li
      ref={ref}
      data-index={index}
      className="result-row"
      aria-setsize={count}
      aria-posinset={index + 1}
    >
      {props.tick}
      <Link
        to="/trace/$traceId"
        params={{ traceId: props.traceId }}
        search={props.search}
        className={`result-row-link ${props.className}`}
        tabIndex={isCurrent ? 0 : -1}
        onFocus={() => onFocus(index)}
        onPointerEnter={() => onPoint(true)}
        onPointerLeave={() => onPoint(false)}
      >
        <time
          className="row-when"
          title={
            traceStartMs === whenMs
              ? moment
              : messages.search.matchOfTrace(moment, formatDateTime(traceStartMs, zone))
          }
        >
          {formatMoment(whenMs, nowMs, zone)}
        </time>
        <span className="row-ago">{formatRelative(whenMs, nowMs)}</span>
        {props.children}
      </Link>
    </li>
  );
}
