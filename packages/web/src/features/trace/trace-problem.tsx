import { ApiError } from '@clew/api';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { TopLine } from '../../ui/top-line.tsx';
import './trace-problem.css';

const TEXTS = messages.trace.problem;

export interface TraceProblemProps {
  readonly traceId: string;
  readonly error: Error;
  readonly isRetrying: boolean;
  readonly onRetry: () => void;
}

/** There is no trace to show: says why, as far as known, and what to do. */
export function TraceProblem({
  traceId,
  error,
  isRetrying,
  onRetry,
}: TraceProblemProps): ReactNode {
  const isUnknown = error instanceof ApiError && error.code === 'not_found';
  const isBroken = isBrokenOff(error);
  const again = isBroken ? TEXTS.tryAgain : TEXTS.again;
  return (
    <TraceMessage
      title={isUnknown ? TEXTS.unknown : TEXTS.failed}
      traceId={traceId}
      action={
        <Button look="primary" disabled={isRetrying} onClick={onRetry}>
          {isRetrying ? TEXTS.looking : again}
        </Button>
      }
    >
      {isUnknown ? <UnknownReasons /> : <p role="alert">{describeFailure(error)}</p>}
      {isBroken ? <small>{TEXTS.reason(error.message)}</small> : undefined}
    </TraceMessage>
  );
}

/** The address holds something that cannot be a trace id. */
export function InvalidTraceId({ traceId }: { readonly traceId: string }): ReactNode {
  return (
    <TraceMessage title={TEXTS.invalid} traceId={traceId}>
      <p>{TEXTS.invalidWhy}</p>
    </TraceMessage>
  );
}

/** The address is of a trace from a file that this page does not hold (any more). */
export function ClosedFile({ traceId }: { readonly traceId: string }): ReactNode {
  return (
    <TraceMessage title={messages.trace.file.closedTitle} traceId={traceId}>
      <p>{messages.trace.file.closed}</p>
    </TraceMessage>
  );
}

function UnknownReasons(): ReactNode {
  return (
    <>
      <p>{TEXTS.mayBe}</p>
      <ul>
        {TEXTS.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </>
  );
}

/** The server began to answer, and what came is not whole. */
function isBrokenOff(error: Error): boolean {
  return error instanceof ApiError && error.status >= 200 && error.status < 300;
}

function describeFailure(error: Error): string {
  if (!(error instanceof ApiError)) return TEXTS.pageIsWrong(error.message);
  if (error.status === 0) return TEXTS.unreachable;
  if (isBrokenOff(error)) return TEXTS.brokenOff;
  return TEXTS.answered(error.status, error.message);
}

interface TraceMessageProps {
  readonly title: string;
  readonly traceId: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

function TraceMessage({ title, traceId, action, children }: TraceMessageProps): ReactNode {
  return (
    <>
      <TopLine title={title}>
        <h1>{TEXTS.page}</h1>
      </TopLine>
      <div className="trace-problem">
        <h2>{title}</h2>
        <code>{traceId}</code>
        {children}
        <div className="trace-problem-actions">
          {action}
          <Link to="/search" search={{}} className="button button-plain">
            {TEXTS.search}
          </Link>
        </div>
      </div>
    </>
  );
}
