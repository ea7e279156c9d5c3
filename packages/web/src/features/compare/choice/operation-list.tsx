import type { ClewClient } from '@clew/api';
import type { ReactNode } from 'react';
import { isolatedText } from '../../../base/visible-text.ts';
import { ShownText } from '../../../ui/shown-text.tsx';
import { formatDuration } from '../../../base/format.ts';
import { messages } from '../../../messages/messages.ts';
import { ServiceName } from '../../../ui/service-name.tsx';
import { describeFailure } from '../side-problem.tsx';
import type { OperationSpread } from './choose-likes.ts';
import { useOperations } from './use-choices.ts';

const texts = messages.compare.choice;

/** For who has no trace at hand: operations whose fastest and slowest run can be compared at once. */
export function OperationList({
  client,
  onChoose,
}: {
  readonly client: ClewClient;
  readonly onChoose: (spread: OperationSpread) => void;
}): ReactNode {
  const { data, error } = useOperations(client);
  return (
    <section className="choice-list">
      <h3>
        {texts.operations}{' '}
        {data === undefined ? undefined : <small>{texts.operationsHint(data.traceCount)}</small>}
      </h3>
      {error === null ? undefined : (
        <p role="alert">{texts.searchFailed(describeFailure(error))}</p>
      )}
      {data === undefined && error === null ? <p>{texts.searching}</p> : undefined}
      {data?.spreads.length === 0 ? <p>{texts.noOperations}</p> : undefined}
      <ul>
        {data?.spreads.map((spread) => (
          <OperationOption
            key={`${spread.service} ${spread.name}`}
            spread={spread}
            onChoose={() => onChoose(spread)}
          />
        ))}
      </ul>
    </section>
  );
}

function OperationOption({
  spread: { service, name, count, fastest, slowest },
  onChoose,
}: {
  readonly spread: OperationSpread;
  readonly onChoose: () => void;
}): ReactNode {
  return (
    <li>
      <button
        type="button"
        title={texts.compareOperation(isolatedText(name), isolatedText(service))}
        onClick={onChoose}
      >
        <span className="choice-name">
          <ServiceName service={service} />
          <strong>
            <ShownText text={name || messages.compare.noName} />
          </strong>
        </span>
        <b className="choice-duration choice-spread">
          {texts.spread(
            formatDuration(BigInt(fastest.durationNano)),
            formatDuration(BigInt(slowest.durationNano)),
          )}
        </b>
        <span className="choice-spans">{texts.traces(count)}</span>
        <span className="choice-action">{texts.compare}</span>
      </button>
    </li>
  );
}
