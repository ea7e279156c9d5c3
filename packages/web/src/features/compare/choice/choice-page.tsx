import { Link } from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import { storedTrace } from '../../../state/compare-url.ts';
import type { ComparedPair, ComparedTrace, SideName } from '../../../state/compare-url.ts';
import type { OpenedTrace } from '../../../state/opened-files.ts';
import type { RecentTrace } from '../../../state/recent-traces.ts';
import { useNow } from '../../../ui/use-now.ts';
import type { PairProps } from '../compare-page.tsx';
import { IdForm } from './id-form.tsx';
import { LikeList } from './like-list.tsx';
import { OperationList } from './operation-list.tsx';
import { TraceOption } from './trace-option.tsx';
import './choice-page.css';

const texts = messages.compare.choice;
const NOW_EVERY_MS = 60_000;

export interface ChoicePageProps extends PairProps {
  /** Which of the two is to be chosen; `undefined` while neither is there. */
  readonly wanted: SideName | undefined;
}

/** Which traces to compare: others like the one that is there, those looked at before, opened files, an id. */
export function ChoicePage(props: ChoicePageProps): ReactNode {
  const { client, pair, sides, onPair, openedFiles, viewed, wanted } = props;
  const nowMs = useNow(NOW_EVERY_MS);
  const opened = useSyncExternalStore(openedFiles.subscribe, openedFiles.get);
  const known = wanted === undefined ? undefined : wanted === 'a' ? 'b' : 'a';
  const knownView = known === undefined ? undefined : sides[known].view;
  const choose = (trace: ComparedTrace) => onPair(complete(pair, wanted, trace));
  const chooseStored = (traceId: string) => choose(storedTrace(traceId));
  const others = viewed.filter(
    ({ traceId }) => traceId !== pair.a?.traceId && traceId !== pair.b?.traceId,
  );
  const option = (trace: RecentTrace, onChoose: () => void) => (
    <TraceOption key={trace.traceId} trace={trace} nowMs={nowMs} onChoose={onChoose} />
  );
  return (
    <div className="choice-page">
      <h2>{wanted === undefined ? texts.titleOfTwo : texts.titleOfOne}</h2>
      {wanted === undefined ? (
        <OperationList
          client={client}
          onChoose={({ fastest, slowest }) =>
            onPair({ a: storedTrace(fastest.traceId), b: storedTrace(slowest.traceId) })
          }
        />
      ) : undefined}
      {knownView === undefined ? undefined : (
        <LikeList client={client} view={knownView} nowMs={nowMs} onChoose={chooseStored} />
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
                choose({ text: file.trace.traceId, traceId: file.trace.traceId, source: 'file' }),
              ),
            )}
          </ul>
        </section>
      )}
      <section className="choice-list">
        <h3>{texts.byId}</h3>
        <IdForm label={texts.idOf(messages.compare.names[wanted ?? 'b'])} onChoose={chooseStored} />
        <p>
          <Link to="/search" search={{}}>
            {texts.searchLink}
          </Link>{' '}
          {texts.searchHint}
        </p>
      </section>
    </div>
  );
}

/** The first one that is chosen is B: A, with which it is compared, is chosen for it. */
function complete(
  pair: ComparedPair,
  wanted: SideName | undefined,
  trace: ComparedTrace,
): ComparedPair {
  return wanted === 'a' ? { a: trace, b: pair.b } : { a: pair.a, b: trace };
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
