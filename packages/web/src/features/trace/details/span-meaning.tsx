import type { ReactNode } from 'react';
import { isolatedText } from '../../../base/visible-text.ts';
import { formatCount, formatDuration } from '../../../base/format.ts';
import { messages } from '../../../messages/messages.ts';
import type { RankedAmong } from '../../../messages/trace.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import { weighSpan } from '../../../trace/span-weight.ts';
import { nameOf, serviceOf } from '../../../trace/trace-view.ts';
import type { TraceClient } from '../trace-client.ts';
import { useReadable } from '../use-readable.ts';
import { formatShare } from './format-share.ts';
import { useSpanRank } from './use-span-rank.ts';

export interface SpanMeaningProps {
  readonly client: TraceClient;
  readonly state: TraceState;
  readonly spanIndex: number;
}

const texts = messages.trace.meaning;

/** What a span's time means: to the trace, and among others of its kind. */
export function SpanMeaning(props: SpanMeaningProps): ReactNode {
  return (
    <>
      <Weight {...props} />
      <Rank {...props} />
    </>
  );
}

function Weight({ state, spanIndex }: SpanMeaningProps): ReactNode {
  const insight = useReadable(state.insights.insight);
  if (insight === undefined) return undefined;
  const { isOnPath, onPathNs, pathShare, dragNs, slackNs } = weighSpan(insight, spanIndex);
  return (
    <>
      <dt title={texts.pathTitle}>{texts.path}</dt>
      <dd>
        {isOnPath ? (
          <>
            {onPathNs === 0 ? texts.onlyWaits : formatDuration(onPathNs)}
            {onPathNs === 0 ? undefined : (
              <small>{texts.ofPath(formatShare(onPathNs, onPathNs / pathShare))}</small>
            )}
          </>
        ) : (
          texts.beside
        )}
      </dd>
      {isOnPath ? (
        <>
          <dt title={texts.dragTitle}>{texts.drag}</dt>
          <dd>
            {formatDuration(dragNs)}
            <small>{texts.drags}</small>
          </dd>
        </>
      ) : (
        <>
          <dt title={texts.slackTitle}>{texts.slack}</dt>
          <dd>
            {slackNs === undefined ? texts.notAwaited : texts.mayTake(formatDuration(slackNs))}
          </dd>
        </>
      )}
    </>
  );
}

/** With fewer to compare with, a share would say too much. */
const MIN_OTHERS = 10;

function Rank({ client, state, spanIndex }: SpanMeaningProps): ReactNode {
  const view = state.view.get();
  const { data, isError } = useSpanRank(client, view, spanIndex);
  const name = isolatedText(nameOf(view, spanIndex)) || messages.trace.noName;
  const service = isolatedText(serviceOf(view, spanIndex));
  const describe = (): string => {
    if (isError) return texts.rankFailed;
    if (data === undefined) return texts.rankPending;
    const { otherCount, slowerShare, hours } = data;
    const among: RankedAmong = { name, service, hours };
    if (otherCount < MIN_OTHERS) return texts.fewOthers(formatCount(otherCount), among);
    return texts.slowerThan(formatPercentile(slowerShare), formatCount(otherCount), among);
  };
  return (
    <>
      <dt>{texts.rank}</dt>
      <dd className="span-rank" data-pending={data === undefined}>
        {describe()}
      </dd>
    </>
  );
}

/** Never 100 % where there is one that was slower. */
function formatPercentile(share: number): string {
  const percent = share * 100;
  const digits = percent > 99 && percent < 100 ? 1 : 0;
  const rounded = Math.floor(percent * 10 ** digits) / 10 ** digits;
  return `${rounded.toFixed(digits)}\u00a0%`;
}
