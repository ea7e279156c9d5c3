import type { SpanJson } from '@clew/api';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { AttributeList, DroppedNote } from './attribute-list.tsx';
import './event-list.css';

export interface LinkListProps {
  readonly span: SpanJson;
  readonly traceId: string;
}

/** The spans, of this trace and of others, that this one refers to. */
export function LinkList({ span, traceId }: LinkListProps): ReactNode {
  return (
    <>
      {span.links.length === 0 ? <p className="detail-note">No links.</p> : undefined}
      <ol className="event-list">
        {span.links.map((link) => (
          <li key={`${link.traceId}/${link.spanId}`}>
            <h3>
              <Link
                to="/trace/$traceId"
                params={{ traceId: link.traceId }}
                search={{ span: link.spanId }}
                className="span-link"
              >
                {link.traceId === traceId ? 'Span of this trace' : 'Span of another trace'}
              </Link>
            </h3>
            <dl className="span-summary">
              <dt>Trace id</dt>
              <dd>
                <code>{link.traceId}</code>
              </dd>
              <dt>Span id</dt>
              <dd>
                <code>{link.spanId}</code>
              </dd>
            </dl>
            {link.attributes.length > 0 ? (
              <AttributeList attributes={link.attributes} />
            ) : undefined}
            <DroppedNote count={link.droppedAttributesCount} noun="attribute" />
          </li>
        ))}
      </ol>
      <DroppedNote count={span.droppedLinksCount} noun="link" />
    </>
  );
}
