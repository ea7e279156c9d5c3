import { ApiError } from '@clew/api';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { TopLine } from '../../ui/top-line.tsx';
import './trace-problem.css';

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
  return (
    <TraceMessage
      title={isUnknown ? 'This trace is not here' : 'The trace could not be loaded'}
      traceId={traceId}
      action={
        <Button look="primary" disabled={isRetrying} onClick={onRetry}>
          {isRetrying ? 'Looking…' : 'Look again'}
        </Button>
      }
    >
      {isUnknown ? <UnknownReasons /> : <p role="alert">{describeFailure(error)}</p>}
    </TraceMessage>
  );
}

/** The address holds something that cannot be a trace id. */
export function InvalidTraceId({ traceId }: { readonly traceId: string }): ReactNode {
  return (
    <TraceMessage title="This is not a trace id" traceId={traceId}>
      <p>
        A trace id has 1 to 32 hexadecimal digits, <code>0</code> to <code>9</code> and{' '}
        <code>a</code> to <code>f</code>, and is not all zero. Perhaps the address was cut or has a
        character too many.
      </p>
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
      <p>Clew has no span with this id. It may be that</p>
      <ul>
        <li>it has not arrived yet: spans are sent in batches, some seconds after they end</li>
        <li>it was sampled away, or sent to another Clew</li>
        <li>it is older than what is kept, and was deleted</li>
        <li>the id is mistyped or cut off</li>
      </ul>
    </>
  );
}

function describeFailure(error: Error): string {
  if (!(error instanceof ApiError)) return `Something is wrong in this page: ${error.message}.`;
  if (error.status === 0) return 'The server cannot be reached. Is it running, and are you online?';
  return `The server answered ${error.status}: ${error.message}.`;
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
        <h1>Trace</h1>
      </TopLine>
      <div className="trace-problem">
        <h2>{title}</h2>
        <code>{traceId}</code>
        {children}
        <div className="trace-problem-actions">
          {action}
          <Link to="/search" search={{}} className="button button-plain">
            Search for traces
          </Link>
        </div>
      </div>
    </>
  );
}
