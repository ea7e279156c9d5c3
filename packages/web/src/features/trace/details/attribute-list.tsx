import type { AttributeJson } from '@clew/api';
import { Link } from '@tanstack/react-router';
import { Fragment, useState } from 'react';
import type { ReactNode } from 'react';
import { isolatedText, visibleLines, visibleText } from '../../../base/visible-text.ts';
import { messages } from '../../../messages/messages.ts';
import type { SpanAttribute } from '../../../trace/span-attribute.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { layoutValue, plainText, searchText } from '../../../attributes/attribute-value.ts';
import type { DisplayValue } from '../../../attributes/attribute-value.ts';
import { otherValuesQuery } from './span-queries.ts';
import type { AttributeOfService } from './span-queries.ts';
import './attribute-list.css';

export interface AttributeListProps {
  readonly attributes: readonly AttributeJson[];
  /** Given where the attributes can be searched for: of which service, and whose they are. */
  readonly searchable?: Searchable | undefined;
}

interface Searchable extends Pick<AttributeOfService, 'service' | 'scope'> {
  /** Shows the spans of the trace by their values of an attribute. */
  readonly onGroup: (attribute: SpanAttribute) => void;
}

/** Attributes by key, each with what can be done with it. */
export function AttributeList({ attributes, searchable }: AttributeListProps): ReactNode {
  if (attributes.length === 0)
    return <p className="detail-note">{messages.trace.span.noAttributes}</p>;
  const sorted = attributes.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return (
    <dl className="attribute-list">
      {sorted.map((attribute) => (
        <AttributeRow key={attribute.key} attribute={attribute} searchable={searchable} />
      ))}
    </dl>
  );
}

/** What the sender, or Clew on the way in, left out. */
export function DroppedNote({
  count,
  noun,
}: {
  readonly count: number;
  readonly noun: 'attribute' | 'event' | 'link';
}): ReactNode {
  if (count === 0) return undefined;
  return <p className="detail-note">{messages.trace.span.dropped(count, noun)}</p>;
}

interface AttributeRowProps {
  readonly attribute: AttributeJson;
  readonly searchable: Searchable | undefined;
}

function AttributeRow({ attribute, searchable }: AttributeRowProps): ReactNode {
  const { key, value } = attribute;
  const shown = layoutValue(value);
  return (
    <div data-shape={shown.shape} data-type={shown.type}>
      <dt>
        <BreakableKey text={key} />
      </dt>
      <dd>
        <Value shown={shown} />
        {shown.type === 'string' ? undefined : <small>{shown.type}</small>}
        <span className="attribute-actions">
          {searchable === undefined ? undefined : (
            <AttributeSearches attribute={attribute} searchable={searchable} />
          )}
          <CopyButton
            text={plainText(value)}
            label={messages.trace.span.copyValue(isolatedText(key))}
          />
        </span>
      </dd>
    </div>
  );
}

/** Searches among the spans of the same service, with this value or with another; and the trace's spans by the value. */
function AttributeSearches({
  attribute: { key, value },
  searchable,
}: {
  readonly attribute: AttributeJson;
  readonly searchable: Searchable;
}): ReactNode {
  const texts = messages.trace.attributes;
  const search = searchText(value);
  const others = otherValuesQuery({ ...searchable, key }, value);
  return (
    <>
      {search === undefined ? undefined : (
        <Link
          to="/search"
          search={{ service: searchable.service, attribute: [`${key}=${search}`] }}
          className="button button-quiet"
          aria-label={texts.onlyLabel(isolatedText(key), isolatedText(search))}
          title={texts.onlyTitle}
        >
          <Icon name="search" />
        </Link>
      )}
      {others === undefined || search === undefined ? undefined : (
        <Link
          to="/search"
          search={{ q: others }}
          className="button button-quiet"
          aria-label={texts.notLabel(isolatedText(key), isolatedText(search))}
          title={texts.notTitle}
        >
          <Icon name="exclude" />
        </Link>
      )}
      <Button
        look="quiet"
        aria-label={texts.groupLabel(isolatedText(key))}
        title={texts.groupTitle}
        onClick={() => searchable.onGroup({ scope: searchable.scope, key })}
      >
        <Icon name="group" />
      </Button>
    </>
  );
}

/** A key may break after its dots and underscores, and not inside its words. */
function BreakableKey({ text }: { readonly text: string }): ReactNode {
  const parts = text.split(/(?<=[._])/);
  return parts.map((part, at) => (
    <Fragment key={parts.slice(0, at).join('')}>
      {visibleText(part)}
      <wbr />
    </Fragment>
  ));
}

/** Longer values are cut until asked for: a body of a megabyte must not stall the panel. */
const MAX_SHOWN = 2_000;

function Value({ shown }: { readonly shown: DisplayValue }): ReactNode {
  const [isAll, setIsAll] = useState(false);
  const { text, shape } = shown;
  const isCut = !isAll && text.length > MAX_SHOWN;
  const visible = visibleLines(isCut ? `${text.slice(0, MAX_SHOWN)}…` : text);
  if (shape === 'line')
    return (
      <code>
        <bdi>{visible}</bdi>
      </code>
    );
  return (
    <>
      <pre tabIndex={0}>{visible}</pre>
      {isCut ? (
        <button type="button" className="span-link" onClick={() => setIsAll(true)}>
          {messages.trace.span.showAll(text.length)}
        </button>
      ) : undefined}
    </>
  );
}
