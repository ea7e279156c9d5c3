import type { ReactNode } from 'react';
import { messages } from '../../messages/messages.ts';
import { isolatedText } from '../../base/visible-text.ts';
import { ShownText } from '../../ui/shown-text.tsx';
import type { TraceState } from '../../state/trace-state.ts';
import { findTitleSpan, nameOf, serviceOf } from '../../trace/trace-view.ts';
import type { TraceView } from '../../trace/trace-view.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ServiceName } from '../../ui/service-name.tsx';
import { TopLine } from '../../ui/top-line.tsx';
import { ExportMenu } from './export/export-menu.tsx';
import { CompareLink } from './compare-link.tsx';
import { FindingsButton } from './findings/findings-button.tsx';
import type { TraceClient } from './trace-client.ts';
import { TraceFacts } from './trace-facts.tsx';
import './trace-header.css';

const TEXTS = messages.trace.header;

export interface TraceHeaderProps {
  readonly client: TraceClient;
  readonly view: TraceView;
  readonly state: TraceState;
  readonly isRefreshing: boolean;
  readonly onRefresh: () => void;
  /** The find box. */
  readonly children: ReactNode;
}

/** The trace in one line: what it is on the shell's line, and its figures with the tools below. */
export function TraceHeader(props: TraceHeaderProps): ReactNode {
  const { client, view, state, isRefreshing, onRefresh, children } = props;
  return (
    <>
      <TraceTitle view={view} />
      <div className="trace-header">
        <TraceFacts view={view} state={state} />
        <div className="trace-tools">
          <FindingsButton state={state} />
          {children}
          <CompareLink traceId={view.traceId} />
          <ExportMenu client={client} view={view} />
          <Button
            look="quiet"
            aria-label={TEXTS.again}
            title={TEXTS.againTitle}
            disabled={isRefreshing}
            onClick={onRefresh}
          >
            <Icon name="refresh" />
          </Button>
        </div>
      </div>
    </>
  );
}

function TraceTitle({ view }: { readonly view: TraceView }): ReactNode {
  const shown = findTitleSpan(view);
  const isRootMissing = view.orphans[shown] === 1;
  const name = nameOf(view, shown);
  return (
    <TopLine title={isolatedText(name)}>
      <div className="trace-title">
        <h1>
          <ShownText text={name} />
        </h1>
        <ServiceName service={serviceOf(view, shown)} />
        {isRootMissing ? <span className="trace-no-root">{TEXTS.rootMissing}</span> : undefined}
      </div>
    </TopLine>
  );
}
