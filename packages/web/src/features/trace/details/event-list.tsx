import type { AttributeJson, SpanEventJson, SpanJson } from '@clew/api';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import { visibleLines } from '../../../base/visible-text.ts';
import { ShownText } from '../../../ui/shown-text.tsx';
import { formatOffset } from '../../../base/format.ts';
import type { TraceView } from '../../../trace/trace-view.ts';
import { AttributeList, DroppedNote } from './attribute-list.tsx';
import { plainText } from '../../../attributes/attribute-value.ts';
import { StackTrace } from './stack-trace.tsx';
import './event-list.css';

export interface EventListProps {
  readonly span: SpanJson;
  readonly view: TraceView;
  readonly spanIndex: number;
}

/** The events of a span in order of time, each with when it happened since the span's start. */
export function EventList({ span, view, spanIndex }: EventListProps): ReactNode {
  const { firsts, offsetsNs, sources } = view.events;
  const from = firsts[spanIndex] ?? 0;
  const startNs = view.offsetsNs[spanIndex] ?? 0;
  const durationNs = view.durationsNs[spanIndex] ?? 0;
  const ordered = Array.from(sources.subarray(from, firsts[spanIndex + 1]), (source, at) => ({
    index: source - from,
    event: span.events[source - from],
    offsetNs: (offsetsNs[from + at] ?? 0) - startNs,
  }));
  return (
    <>
      {ordered.length === 0 ? (
        <p className="detail-note">{messages.trace.span.noEvents}</p>
      ) : undefined}
      <ol className="event-list">
        {ordered.map(({ index, event, offsetNs }) =>
          event === undefined ? undefined : (
            <li key={index}>
              <EventItem event={event} offsetNs={offsetNs} durationNs={durationNs} />
            </li>
          ),
        )}
      </ol>
      <DroppedNote count={span.droppedEventsCount} noun="event" />
    </>
  );
}

interface EventItemProps {
  readonly event: SpanEventJson;
  readonly offsetNs: number;
  /** Of the span. */
  readonly durationNs: number;
}

function EventItem({ event, offsetNs, durationNs }: EventItemProps): ReactNode {
  const isOutside = offsetNs < 0 || offsetNs > durationNs;
  const isException = event.name === 'exception';
  const type = findText(event.attributes, 'exception.type');
  const message = findText(event.attributes, 'exception.message');
  const stack = findText(event.attributes, 'exception.stacktrace');
  const rest = isException
    ? event.attributes.filter(({ key }) => !SHOWN_OF_EXCEPTIONS.has(key))
    : event.attributes;
  return (
    <>
      <h3 data-exception={isException}>
        <span>
          <ShownText text={isException && type !== undefined ? type : event.name} />
        </span>
        <time title={messages.trace.span.sinceStart}>{formatOffset(offsetNs)}</time>
      </h3>
      {isOutside ? (
        <p className="detail-note">
          {offsetNs < 0 ? messages.trace.span.beforeSpan : messages.trace.span.afterSpan}
        </p>
      ) : undefined}
      {isException && message !== undefined ? (
        <p className="event-message">{visibleLines(message)}</p>
      ) : undefined}
      {isException && stack !== undefined ? <StackTrace text={stack} /> : undefined}
      {rest.length > 0 ? <AttributeList attributes={rest} /> : undefined}
      <DroppedNote count={event.droppedAttributesCount} noun="attribute" />
    </>
  );
}

const SHOWN_OF_EXCEPTIONS = new Set([
  'exception.type',
  'exception.message',
  'exception.stacktrace',
]);

function findText(attributes: readonly AttributeJson[], key: string): string | undefined {
  const found = attributes.findLast((attribute) => attribute.key === key);
  return found === undefined ? undefined : plainText(found.value);
}
