import type { AttributeJson, FoundSpanJson } from '@clew/api';
import type { ReactNode } from 'react';
import { visibleLines } from '../../../base/visible-text.ts';
import { ShownText } from '../../../ui/shown-text.tsx';
import { formatDuration } from '../../../base/format.ts';
import { messages } from '../../../messages/messages.ts';
import { msFromNanos } from '../../../state/search-state.ts';
import type { Store } from '../../../state/store.ts';
import { Icon } from '../../../ui/icon.tsx';
import { ServiceName } from '../../../ui/service-name.tsx';
import { DurationBar } from './duration-bar.tsx';
import type { ResultRowPlace } from './result-list.tsx';
import { ResultRow } from './result-row.tsx';

export interface SpanRowProps extends ResultRowPlace {
  readonly span: FoundSpanJson;
  /** Undefined where durations are not compared. */
  readonly longestNano: bigint | undefined;
  readonly nowMs: number;
  readonly pointedMs?: Store<number | undefined> | undefined;
}

/** One span: a link to it in its trace. */
export function SpanRow({ span, longestNano, nowMs, ...props }: SpanRowProps): ReactNode {
  const { pointedMs, ...place } = props;
  const startMs = msFromNanos(span.startUnixNano);
  const durationNano = BigInt(span.durationNano);
  return (
    <ResultRow
      place={place}
      traceId={span.traceId}
      search={{ span: span.spanId }}
      className="span-row-link span-columns"
      startMs={startMs}
      nowMs={nowMs}
      onPoint={(isPointed) => pointedMs?.set(isPointed ? startMs : undefined)}
    >
      <span className="root-name">
        <ServiceName service={span.service} />
        <strong>
          <ShownText text={span.name} />
        </strong>
      </span>
      <SpanStatus span={span} />
      <AttributePreview attributes={span.attributes} />
      {longestNano === undefined ? (
        <span className="span-row-duration">{formatDuration(durationNano)}</span>
      ) : (
        <DurationBar durationNano={durationNano} longestNano={longestNano} />
      )}
    </ResultRow>
  );
}

function SpanStatus({ span: { kind, status, statusMessage } }: { readonly span: FoundSpanJson }) {
  if (status !== 'error') return <span className="span-row-status">{kind}</span>;
  return (
    <span className="span-row-status span-count-failed" title={visibleLines(statusMessage)}>
      <Icon name="error" />
      {messages.search.failedSpan}
    </span>
  );
}

/** As many as could be read in a line. */
const SHOWN_ATTRIBUTES = 6;

/** The first attributes; the trace page has all. */
function AttributePreview({ attributes }: { readonly attributes: readonly AttributeJson[] }) {
  return (
    <span className="span-row-attributes">
      {attributes.slice(0, SHOWN_ATTRIBUTES).map(({ key, value }) => (
        <span key={key}>
          <b>
            <ShownText text={key} />
          </b>
          <ShownText text={previewOf(value)} />
        </span>
      ))}
    </span>
  );
}

/** A value may have a megabyte, and the row has a line. */
const SHOWN_CHARACTERS = 120;

function previewOf(value: AttributeJson['value']): string {
  if (value.type === 'empty') return '';
  const shown = typeof value.value === 'string' ? value.value : JSON.stringify(value.value);
  return shown.slice(0, SHOWN_CHARACTERS);
}
