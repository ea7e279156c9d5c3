import type { ClewClient } from '@clew/api';
import { useMemo } from 'react';
import type { ReactNode, RefObject } from 'react';
import { formatCount } from '../../../base/format.ts';
import { messages } from '../../../messages/messages.ts';
import { formatQueryString, parseQueryString } from '../../../state/query-string.ts';
import type { QueryValues } from '../../../state/query-string.ts';
import { toConditions } from '../../../state/search-state.ts';
import type { ResolvedSearchState } from '../../../state/search-state.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { useCommands } from '../../../ui/commands.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { ColumnHeads } from '../results/column-heads.tsx';
import { ResultList } from '../results/result-list.tsx';
import { ShowSwitch } from '../results/show-switch.tsx';
import { spanKey } from '../results/span-key.ts';
import { SpanRow } from '../results/span-row.tsx';
import type { SearchActions } from '../use-search-actions.ts';
import type { TailStatus } from './follow-spans.ts';
import { MAX_TAIL_SPANS } from './tail-buffer.ts';
import type { Tail, TailBuffer } from './tail-buffer.ts';
import { useTail } from './use-tail.ts';
import './live-tail.css';

const text = messages.search.live;

const NOW_EVERY_MS = 1000;

export interface LiveTailProps {
  readonly client: ClewClient;
  readonly state: ResolvedSearchState;
  readonly actions: SearchActions;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly openedCount: number;
}

/** Matching spans as they arrive, the newest on top. */
export function LiveTail({ client, state, actions, ...rest }: LiveTailProps): ReactNode {
  const conditions = useConditions(state);
  const { tail, buffer, status } = useTail(client, conditions);
  const nowMs = useNow(NOW_EVERY_MS);
  usePauseCommand(buffer);
  return (
    <section className="search-answer" aria-label={messages.search.results}>
      <div className="results-head">
        <div className="results-summary">
          <ShowSwitch state={state} onShow={actions.show} openedCount={rest.openedCount} />
          <h2>
            <Counted tail={tail} status={status} />
          </h2>
          <div className="live-buttons">
            <Button
              aria-pressed={tail.isPaused}
              title={messages.search.commands.pause}
              onClick={() => buffer.pause(!tail.isPaused)}
            >
              <Icon name={tail.isPaused ? 'play' : 'pause'} />
              <span>{tail.isPaused ? text.resume : text.pause}</span>
            </Button>
            <Button look="quiet" onClick={() => buffer.clear()}>
              {text.clear}
            </Button>
          </div>
        </div>
        <ColumnHeads kind="spans" order="query" onOrder={() => undefined} />
      </div>
      <Status status={status} isEmpty={tail.spans.length === 0} />
      <ResultList
        scroller={rest.scroller}
        canLoadMore={false}
        onLoadMore={() => undefined}
        label={text.label}
        items={tail.spans}
        keyOf={spanKey}
        renderRow={(span, place) => (
          <SpanRow
            key={spanKey(span)}
            {...place}
            span={span}
            longestNano={undefined}
            nowMs={nowMs}
          />
        )}
      />
    </section>
  );
}

/** The conditions without time; the same object until they are others, so that a refreshed page goes on following. */
function useConditions(state: ResolvedSearchState): QueryValues {
  const text = formatQueryString({ ...toConditions(state), start: undefined, end: undefined });
  return useMemo(() => parseQueryString(text), [text]);
}

function Counted({
  tail,
  status,
}: {
  readonly tail: Tail;
  readonly status: TailStatus;
}): ReactNode {
  const { seenCount, heldCount, skippedCount, isPaused } = tail;
  if (status.kind === 'refused') return '';
  const parts = [
    seenCount > MAX_TAIL_SPANS
      ? text.counted(formatCount(tail.spans.length), formatCount(seenCount - heldCount))
      : text.all(formatCount(seenCount - heldCount)),
    ...(isPaused ? [heldCount > 0 ? text.held(formatCount(heldCount)) : text.paused] : []),
    ...(skippedCount > 0 ? [text.skipped(formatCount(skippedCount))] : []),
  ];
  return parts.join(' · ');
}

function Status({
  status,
  isEmpty,
}: {
  readonly status: TailStatus;
  readonly isEmpty: boolean;
}): ReactNode {
  if (status.kind === 'refused') {
    return (
      <div className="search-error">
        <Notice kind="error" title={text.stopped}>
          <span>{status.error.message.replace(/ at \d+$/, '')}</span>
        </Notice>
      </div>
    );
  }
  if (status.kind === 'broken') {
    return (
      <div className="search-error">
        <Notice kind="warning" title={text.broken}>
          <span>{status.reason}</span>
          <span>{text.again(Math.round(status.againInMs / 1000))}</span>
        </Notice>
      </div>
    );
  }
  if (!isEmpty) return undefined;
  return (
    <div className="live-waiting" role="status">
      <h3>{text.waiting}</h3>
      <p>{text.waitingAdvice}</p>
    </div>
  );
}

function usePauseCommand(buffer: TailBuffer): void {
  useCommands({
    title: text.label,
    reach: 'view',
    commands: [
      {
        name: messages.search.commands.pause,
        keys: ['p'],
        run: () => buffer.pause(!buffer.get().isPaused),
      },
      { name: text.clearAll, run: () => buffer.clear() },
    ],
  });
}
