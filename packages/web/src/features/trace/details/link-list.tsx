import type { SpanJson } from '@clew/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isolatedText } from '../../../base/visible-text.ts';
import { messages } from '../../../messages/messages.ts';
import type { TraceClient } from '../trace-client.ts';
import { AttributeList, DroppedNote } from './attribute-list.tsx';
import { linkedFromQuery } from './span-queries.ts';
import './event-list.css';

export interface LinkListProps {
  readonly client: Pick<TraceClient, 'searchSpans'>;
  readonly span: SpanJson;
  readonly traceId: string;
}

const texts = messages.trace.links;

/** The spans, of this trace and of others, that this one refers to, and those that refer to it. */
export function LinkList({ client, span, traceId }: LinkListProps): ReactNode {
  return (
    <>
      <h3 className="detail-subheading">{texts.to}</h3>
      {span.links.length === 0 ? <p className="detail-note">{texts.none}</p> : undefined}
      <ol className="event-list">
        {span.links.map((link) => (
          <li key={`${link.traceId}/${link.spanId}`}>
            <LinkedSpan
              traceId={link.traceId}
              spanId={link.spanId}
              title={link.traceId === traceId ? texts.sameTrace : texts.otherTrace}
            />
            {link.attributes.length > 0 ? (
              <AttributeList attributes={link.attributes} />
            ) : undefined}
            <DroppedNote count={link.droppedAttributesCount} noun="attribute" />
          </li>
        ))}
      </ol>
      <DroppedNote count={span.droppedLinksCount} noun="link" />
      <h3 className="detail-subheading">{texts.from}</h3>
      <LinkedFrom client={client} traceId={traceId} spanId={span.spanId} />
    </>
  );
}

interface LinkedFromProps {
  readonly client: Pick<TraceClient, 'searchSpans'>;
  readonly traceId: string;
  readonly spanId: string;
}

const MAX_LINKING = 20;

/** A span does not know what links to it: asked of the store when somebody looks. */
function LinkedFrom({ client, traceId, spanId }: LinkedFromProps): ReactNode {
  const linking = useQuery({
    queryKey: ['linked-from', traceId, spanId],
    queryFn: ({ signal }) =>
      client.searchSpans(
        { q: linkedFromQuery(traceId, spanId), limit: String(MAX_LINKING) },
        { signal },
      ),
    retry: false,
  });
  if (linking.data === undefined) {
    const text = linking.error === null ? texts.pending : texts.failed(linking.error.message);
    return (
      <p className="detail-note" role="status">
        {text}
      </p>
    );
  }
  const { spans, nextCursor } = linking.data;
  if (spans.length === 0) return <p className="detail-note">{texts.noneFrom}</p>;
  return (
    <>
      <ol className="event-list">
        {spans.map((one) => (
          <li key={`${one.traceId}/${one.spanId}`}>
            <LinkedSpan
              traceId={one.traceId}
              spanId={one.spanId}
              title={texts.of(
                one.name === '' ? messages.trace.noName : isolatedText(one.name),
                isolatedText(one.service),
              )}
            />
          </li>
        ))}
      </ol>
      {nextCursor === undefined ? undefined : <p className="detail-note">{texts.more}</p>}
    </>
  );
}

interface LinkedSpanProps {
  readonly traceId: string;
  readonly spanId: string;
  readonly title: string;
}

function LinkedSpan({ traceId, spanId, title }: LinkedSpanProps): ReactNode {
  return (
    <>
      <h3>
        <Link
          to="/trace/$traceId"
          params={{ traceId }}
          search={{ span: spanId }}
          className="span-link"
        >
          {title}
        </Link>
      </h3>
      <dl className="span-summary">
        <dt>{messages.trace.span.traceId}</dt>
        <dd>
          <code>{traceId}</code>
        </dd>
        <dt>{messages.trace.span.spanId}</dt>
        <dd>
          <code>{spanId}</code>
        </dd>
      </dl>
    </>
  );
}
