import type { ServiceCountJson } from '@clew/api';
import type { ReactNode } from 'react';
import { isolatedText } from '../../../base/visible-text.ts';
import { formatCount } from '../../../base/format.ts';
import { messages } from '../../../messages/messages.ts';
import { Icon } from '../../../ui/icon.tsx';
import { ServiceName } from '../../../ui/service-name.tsx';

/** More than fit beside each other on a wide screen: a trace can have ten thousand services. */
const MAX_PILLS = 16;

/** More lines than that would not be on the screen. */
const MAX_TITLE_LINES = 40;

/** The services of a trace with how many spans each has. What does not fit is cut off; the title has more of them. */
export function ServicePills({
  services,
}: {
  readonly services: readonly ServiceCountJson[];
}): ReactNode {
  const lines = services.slice(0, MAX_TITLE_LINES).map(describe);
  const leftOut = services.length - lines.length;
  if (leftOut > 0) lines.push(messages.search.moreServices(leftOut));
  return (
    <span className="service-pills" title={lines.join('\n')}>
      {services.slice(0, MAX_PILLS).map(({ service, spanCount, errorCount }) => (
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
      {services.length > MAX_PILLS ? (
        <span className="service-pill">
          {messages.search.moreServices(services.length - MAX_PILLS)}
        </span>
      ) : undefined}
    </span>
  );
}

function describe({ service, spanCount, errorCount }: ServiceCountJson): string {
  return messages.search.serviceSpans(isolatedText(service), spanCount, errorCount);
}
