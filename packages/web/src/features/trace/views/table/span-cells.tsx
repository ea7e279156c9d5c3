import type { ReactNode } from 'react';
import { visibleText } from '../../../../base/visible-text.ts';
import { ShownText } from '../../../../ui/shown-text.tsx';
import { messages } from '../../../../messages/messages.ts';
import { kindOf, nameOf, serviceOf, statusOf } from '../../../../trace/trace-view.ts';
import type { TraceView } from '../../../../trace/trace-view.ts';
import { Icon } from '../../../../ui/icon.tsx';
import { ServiceName } from '../../../../ui/service-name.tsx';

export interface SpanCellProps {
  readonly view: TraceView;
  readonly spanIndex: number;
}

export function SpanService({ view, spanIndex }: SpanCellProps): ReactNode {
  return <ServiceName service={serviceOf(view, spanIndex)} />;
}

/** The name; failed spans have a mark. */
export function SpanTitle({ view, spanIndex }: SpanCellProps): ReactNode {
  const name = nameOf(view, spanIndex);
  return (
    <span title={visibleText(name)}>
      {view.errors[spanIndex] === 1 ? (
        <span className="table-failed">
          <Icon name="error" />{' '}
        </span>
      ) : undefined}
      {name === '' ? (
        <span className="table-faint">{messages.trace.noName}</span>
      ) : (
        <ShownText text={name} />
      )}
    </span>
  );
}

export function SpanStatus({ view, spanIndex }: SpanCellProps): ReactNode {
  const status = statusOf(view, spanIndex);
  return <span className={status === 'error' ? 'table-failed' : 'table-faint'}>{status}</span>;
}

export function SpanKind({ view, spanIndex }: SpanCellProps): ReactNode {
  return <span className="table-faint">{kindOf(view, spanIndex)}</span>;
}
