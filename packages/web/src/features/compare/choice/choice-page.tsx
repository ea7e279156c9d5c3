import { Link } from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { comparePage } from '../../../messages/compare.ts';
import { storedTrace } from '../../../state/compare-url.ts';
import type { ComparedTrace, SideName } from '../../../state/compare-url.ts';
import type { OpenedTrace } from '../../../state/opened-files.ts';
import type { RecentTrace } from '../../../state/recent-traces.ts';
import { useNow } from '../../../ui/use-now.ts';
import type { PairProps } from '../compare-page.tsx';
import { FoundList } from './found-list.tsx';
import { LikeList } from './like-list.tsx';
import { OperationList } from './operation-list.tsx';
import { TraceOption } from './trace-option.tsx';
import './choice-page.css';

const texts = comparePage.choice;
const NOW_EVERY_MS = 60_000;

export interface ChoicePageProps extends PairProps {
  /** Which of the two is chosen here. */
  readonly target: SideName;
  /** What is looked for; empty for nothing. */
  readonly found: string;
  readonly onChoose: (trace: ComparedTrace) => void;
}

/** Traces to choose from: found ones, others like the one that is there, those looked at before, opened files. */
export function ChoicePage(props: ChoicePageProps): ReactNode {
  const { client, pair, sides, onPair, openedFiles, viewed, target, found, onChoose } = props;
  const nowMs = useNow(NOW_EVERY_MS);
  const opened = useSyncExternalStore(openedFiles.subscribe, openedFiles.get);
  const other = target === 'a' ? 'b' : 'a';
  const { view, isLoading } = sides[other];
  const chooseStored = (traceId: string) => onChoose(storedTrace(traceId));
  const others = viewed.filter(
    ({ traceId }) => traceId !== pair.a?.traceId && traceId !== pair.b?.traceId,
  );
  const option = (trace: RecentTrace, onChoose: () => void) => (
    <TraceOption key={trace.traceId} trace={trace} nowMs={nowMs} onChoose={onChoose} />
  );
  return (
    <div className="choice-page">
      <h2>{texts.title(comparePage.names[target])}</h2>
      {found === '' ? undefined : (
        <FoundList
          client={client}
          text={found}
          other={pair[other]?.traceId}
          nowMs={nowMs}
          onChoose={chooseStored}
        />
      )}
      {view !== undefined ? (
        <LikeList client={client} view={view} nowMs={nowMs} onChoose={chooseStored} />
      ) : isLoading ? undefined : (
        <OperationList
          client={client}
          side={target}
          onChoose={chooseStored}
          onCompare={({ fastest, slowest }) =>
            onPair({ a: storedTrace(fastest.traceId), b: storedTrace(slowest.traceId) })
          }
        />
      )}
      {others.length === 0 ? undefined : (
        <section className="choice-list">
          <h3>{texts.viewed}</h3>
          <ul>{others.map((trace) => option(trace, () => chooseStored(trace.traceId)))}</ul>
        </section>
      )}
      {opened.length === 0 ? undefined : (
        <section className="choice-list">
          <h3>{texts.opened}</h3>
          <ul>
            {opened.map((file) =>
              option(viewedOf(file), () =>
                onChoose({ text: file.trace.traceId, traceId: file.trace.traceId, source: 'file' }),
              ),
            )}
          </ul>
        </section>
      )}
      <p className="choice-search">
        <Link to="/search" search={{}}>
          {texts.searchLink}
        </Link>{' '}
        {texts.searchHint}
      </p>
    </div>
  );
}

function viewedOf({ trace: { traceId, spans } }: OpenedTrace): RecentTrace {
  const root = spans.find(({ parentSpanId }) => parentSpanId === undefined) ?? spans[0];
  const start: bigint = spans[0]?.startUnixNano ?? 0n;
  const end = spans.reduce((latest: bigint, { startUnixNano, durationNano }) => {
    const end = startUnixNano + durationNano;
    return end > latest ? end : latest;
  }, start);
  return {
    traceId,
    service: root?.resource.service ?? '',
    name: root?.name ?? '',
    startMs: Number(start / 1_000_000n),
    durationNs: Number(end - start),
    spanCount: spans.length,
    errorCount: spans.filter(({ status }) => status === 'error').length,
  };
}
