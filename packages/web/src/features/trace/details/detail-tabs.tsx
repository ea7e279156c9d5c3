import type { ResourceJson, ScopeJson } from '@clew/api';
import { unreachable } from '@clew/model';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import { visibleText } from '../../../base/visible-text.ts';
import { DETAIL_TABS } from '../../../state/trace-state.ts';
import type { DetailTab, TraceState } from '../../../state/trace-state.ts';
import type { SpanAttribute } from '../../../trace/span-attribute.ts';
import { Tabs } from '../../../ui/tabs.tsx';
import type { TraceClient } from '../trace-client.ts';
import { useReadable } from '../use-readable.ts';
import { AttributeList, DroppedNote } from './attribute-list.tsx';
import { EventList } from './event-list.tsx';
import { LinkList } from './link-list.tsx';
import type { LoadedSpan } from './use-span.ts';

export interface DetailTabsProps {
  readonly client: TraceClient;
  readonly loaded: LoadedSpan;
  readonly state: TraceState;
  readonly spanIndex: number;
}

const TEXTS = messages.trace.span;

/** What a span carries, a tab for each sort. */
export function DetailTabs({ client, loaded, state, spanIndex }: DetailTabsProps): ReactNode {
  const { span } = loaded;
  const current = useReadable(state.tab);
  const id = useId();
  const counts = {
    attributes: span.attributes.length,
    events: span.events.length,
    links: span.links.length,
    resource: undefined,
  };
  return (
    <>
      <Tabs
        label={TEXTS.tabs.label}
        className="detail-tabs"
        id={id}
        panelId={`${id}-panel`}
        value={current}
        onChange={(tab) => state.tab.set(tab)}
        tabs={DETAIL_TABS.map((tab) => ({
          value: tab,
          children: (
            <>
              {TEXTS.tabs[tab]}
              {counts[tab] === undefined ? undefined : <small>{counts[tab]}</small>}
            </>
          ),
        }))}
      />
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${current}`}>
        <TabContent
          client={client}
          tab={current}
          loaded={loaded}
          state={state}
          spanIndex={spanIndex}
        />
      </div>
    </>
  );
}

function TabContent(props: DetailTabsProps & { readonly tab: DetailTab }): ReactNode {
  const { client, tab, loaded, state, spanIndex } = props;
  const { answer, span } = loaded;
  const resource = answer.resources[span.resource];
  const service = resource?.service ?? '';
  const onGroup = (groupBy: SpanAttribute) => {
    state.setOptions({ groupBy });
    state.page.set('statistics');
  };
  switch (tab) {
    case 'attributes':
      return (
        <>
          <AttributeList
            attributes={span.attributes}
            searchable={{ service, scope: 'span', onGroup }}
          />
          <DroppedNote count={span.droppedAttributesCount} noun="attribute" />
        </>
      );
    case 'events':
      return <EventList span={span} view={state.view.get()} spanIndex={spanIndex} />;
    case 'links':
      return <LinkList client={client} span={span} traceId={answer.traceId} />;
    case 'resource':
      return (
        <ResourceContent resource={resource} scope={answer.scopes[span.scope]} onGroup={onGroup} />
      );
    default:
      return unreachable(tab);
  }
}

interface ResourceContentProps {
  readonly resource: ResourceJson | undefined;
  readonly scope: ScopeJson | undefined;
  readonly onGroup: (attribute: SpanAttribute) => void;
}

function ResourceContent({ resource, scope, onGroup }: ResourceContentProps): ReactNode {
  return (
    <>
      {resource === undefined ? undefined : (
        <>
          <AttributeList
            attributes={resource.attributes}
            searchable={{ service: resource.service, scope: 'resource', onGroup }}
          />
          <DroppedNote count={resource.droppedAttributesCount} noun="attribute" />
          <SchemaNote url={resource.schemaUrl} />
        </>
      )}
      {scope === undefined ? undefined : <ScopeContent scope={scope} />}
    </>
  );
}

function ScopeContent({ scope }: { readonly scope: ScopeJson }): ReactNode {
  const { name, version, attributes } = scope;
  return (
    <>
      <h3 className="detail-heading">
        {TEXTS.scope}{' '}
        <code>
          {visibleText(`${name === '' ? messages.trace.noName : name} ${version}`.trim())}
        </code>
      </h3>
      {attributes.length === 0 ? undefined : <AttributeList attributes={attributes} />}
      <DroppedNote count={scope.droppedAttributesCount} noun="attribute" />
      <SchemaNote url={scope.schemaUrl} />
    </>
  );
}

function SchemaNote({ url }: { readonly url: string }): ReactNode {
  return url === '' ? undefined : <p className="detail-note">{TEXTS.schema(visibleText(url))}</p>;
}
