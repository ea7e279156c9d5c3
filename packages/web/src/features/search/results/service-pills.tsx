import type { ServiceCountJson } from '@clew/api';
import type { ReactNode } from 'react';
import { formatCount } from '../../../base/format.ts';
import { messages } from '../../../messages/messages.ts';
import { Icon } from '../../../ui/icon.tsx';
import { ServiceName } from '../../../ui/service-name.tsx';

/** The services of a trace with how many spans each has. What does not fit is cut off; the title has all. */
export function ServicePills({
  services,
}: {
  readonly services: readonly ServiceCountJson[];
}): ReactNode {
  const title = services.map(describe).join('\n');
  return (
    <span className="service-pills" title={title}>
      {services.map(({ service, spanCount, errorCount }) => (
        <span key={service} className="service-pill">
          <ServiceName service={service} />
          <b>{formatCount(spanCount)}</b>
          {errorCount > 0 ? (
            <em>
              <Icon name="error" />
              {formatCount(errorCount)}
              <span className="visually-hidden"> {messages.search.failedSpan}</span>
            </em>
          ) : undefined}
        </span>
      ))}
    </span>
  );
}

function describe({ service, spanCount, errorCount }: ServiceCountJson): string {
  return messages.search.serviceSpans(service, spanCount, errorCount);
}
