import type { ClewClient } from '@clew/api';
import type { ReactNode } from 'react';
import { isolatedText } from '../../../base/visible-text.ts';
import { ShownText } from '../../../ui/shown-text.tsx';
import { formatDuration } from '../../../base/format.ts';
import { comparePage } from '../../../messages/compare.ts';
import type { SideName } from '../../../state/compare-url.ts';
import { Button } from '../../../ui/button.tsx';
import { ServiceName } from '../../../ui/service-name.tsx';
import { describeFailure } from '../side-problem.tsx';
import type { OperationSpread } from './choose-likes.ts';
import { useOperations } from './use-choices.ts';

const texts = comparePage.choice;
const RUNS = ['fastest', 'median', 'slowest'] as const;

export interface OperationListProps {
  readonly client: ClewClient;
  /** Which of the traces one run is chosen for. */
  readonly side: SideName;
  readonly onChoose: (traceId: string) => void;
  /** The fastest run becomes A and the slowest B. */
  readonly onCompare: (spread: OperationSpread) => void;
}

/** For who has no trace at hand: operations, of which one run is chosen, or the fastest and the slowest compared at once. */
export function OperationList(props: OperationListProps): ReactNode {
  const { data, error } = useOperations(props.client);
  return (
    <section className="choice-list">
      <h3>
        {texts.operations}{' '}
        {data === undefined ? undefined : <small>{texts.operationsHint(data.runCount)}</small>}
      </h3>
      {error === null ? undefined : (
        <p role="alert">{texts.searchFailed(describeFailure(error))}</p>
      )}
      {data === undefined && error === null ? <p>{texts.searching}</p> : undefined}
      {data?.spreads.length === 0 ? <p>{texts.noOperations}</p> : undefined}
      <ul>
        {data?.spreads.map((spread) => (
          <OperationOption key={`${spread.service} ${spread.name}`} {...props} spread={spread} />
        ))}
      </ul>
    </section>
  );
}

function OperationOption({
  spread,
  side,
  onChoose,
  onCompare,
}: Omit<OperationListProps, 'client'> & { readonly spread: OperationSpread }): ReactNode {
  const { service, name, count, failedCount, smallCount, leastSpans } = spread;
  const target = comparePage.names[side];
  const shownName = isolatedText(name);
  return (
    <li className="choice-operation">
      <span className="choice-name">
        <ServiceName service={service} />
        <strong>
          <ShownText text={name || comparePage.noName} />
        </strong>
        <small>
          {texts.traces(count)}
          {failedCount + smallCount === 0
            ? undefined
            : `; ${texts.leftOut(failedCount, smallCount, leastSpans)}`}
        </small>
      </span>
      <span className="choice-runs">
        {RUNS.map((which) => (
          <Button
            key={which}
            look="quiet"
            aria-label={texts.runLabel(texts[which], shownName, target)}
            title={texts.runTitle(target)}
            onClick={() => onChoose(spread[which].traceId)}
          >
            <span>{texts[which]}</span> <b>{formatDuration(spread[which].durationNs)}</b>
          </Button>
        ))}
      </span>
      <Button
        look="link"
        aria-label={texts.compareOperation(shownName, isolatedText(service))}
        onClick={() => onCompare(spread)}
      >
        {texts.compareBoth}
      </Button>
    </li>
  );
}
