import type { ServiceCountJson } from '@clew/api';
import type { ReactNode } from 'react';
import { isolatedText } from '../../../base/visible-text.ts';
import { formatCount } from '../../../base/format.ts';
import { messages } from '../../../messages/messages.ts';
import { Icon } from '../../../ui/icon.tsx';
import { ServiceName } from '../../../ui/service-name.tsx';
import { MAX_PILLS, countFailed, countPills, failedFirst } from './count-pills.ts';
import type { PillRoom } from './count-pills.ts';

/** More lines than that would not be on the screen. */
const MAX_TITLE_LINES = 40;

/**
 * The services of a trace with how many spans each has, those first that have failed ones: where it failed is not to be hidden. The last
 * pill counts those that there is no room for, with what failed in them, and names them.
 */
export function ServicePills({
  services: given,
  room,
}: {
  readonly services: readonly ServiceCountJson[];
  /** Undefined until it has been measured. */
  readonly room: PillRoom | undefined;
}): ReactNode {
  const services = failedFirst(given);
  const count = room === undefined ? MAX_PILLS : countPills(services, room);
  const others = services.slice(count);
  return (
    <span className="service-pills" title={titleOf(services)}>
      {services.slice(0, count).map(({ service, spanCount, errorCount }) => (
        <span key={service} className="service-pill">
          <ServiceName service={service} />
          <b>{formatCount(spanCount)}</b>
          <Failed count={errorCount} />
        </span>
      ))}
      {others.length === 0 ? undefined : <OtherServices services={others} />}
    </span>
  );
}

function Failed({ count }: { readonly count: number }): ReactNode {
  if (count === 0) return undefined;
  return (
    <em>
      <Icon name="error" />
      {formatCount(count)}
      <span className="visually-hidden"> {messages.search.failedSpan}</span>
    </em>
  );
}

function OtherServices({
  services,
}: {
  readonly services: readonly ServiceCountJson[];
}): ReactNode {
  const names = services.slice(0, MAX_PILLS).map(({ service }) => isolatedText(service));
  return (
    <span className="service-pill service-pill-others" title={titleOf(services)}>
      <span aria-hidden="true">{messages.search.otherServices(services.length)}</span>
      <span className="visually-hidden">
        {messages.search.otherServiceNames(names, services.length)}
      </span>
      <Failed count={countFailed(services)} />
    </span>
  );
}

function titleOf(services: readonly ServiceCountJson[]): string {
  const lines = services.slice(0, MAX_TITLE_LINES).map(describe);
  const leftOut = services.length - lines.length;
  if (leftOut > 0) lines.push(messages.search.moreServices(leftOut));
  return lines.join('\n');
}

function describe({ service, spanCount, errorCount }: ServiceCountJson): string {
  return messages.search.serviceSpans(isolatedText(service), spanCount, errorCount);
}
