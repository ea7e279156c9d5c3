import type { FoundSpanJson } from '@clew/api';
import type { ReactNode } from 'react';
import { ShownText } from '../../../ui/shown-text.tsx';
import { formatDuration } from '../../../base/format.ts';
import { msFromNanos } from '../../../state/search-state.ts';
import type { Store } from '../../../state/store.ts';
import { ServiceName } from '../../../ui/service-name.tsx';
import { AttributePreview } from './attribute-preview.tsx';
import { DurationBar } from './duration-bar.tsx';
import type { ResultRowPlace } from './result-list.tsx';
import { ResultRow } from './result-row.tsx';
import { SpanStatus } from './span-status.tsx';

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
      whenMs={startMs}
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
      <AttributePreview span={span} />
      {longestNano === undefined ? (
        <span className="span-row-duration">{formatDuration(durationNano)}</span>
      ) : (
        <DurationBar durationNano={durationNano} longestNano={longestNano} />
      )}
    </ResultRow>
  );
}
