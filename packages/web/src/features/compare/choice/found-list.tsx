import type { ClewClient } from '@clew/api';
import { parseTraceId } from '@clew/model';
import type { ReactNode } from 'react';
import { isolatedText } from '../../../base/visible-text.ts';
import { comparePage } from '../../../messages/compare.ts';
import { Button } from '../../../ui/button.tsx';
import { describeFailure } from '../side-problem.tsx';
import { TraceOption, toOption } from './trace-option.tsx';
import { useFoundTraces } from './use-choices.ts';

const texts = comparePage.choice;

export interface FoundListProps {
  readonly client: ClewClient;
  readonly text: string;
  /** The trace that is there already. */
  readonly other: string | undefined;
  readonly nowMs: number;
  readonly onChoose: (traceId: string) => void;
}

/** Traces that have what was looked for in one of the fields. */
export function FoundList({ client, text, other, nowMs, onChoose }: FoundListProps): ReactNode {
  const { data, error } = useFoundTraces(client, text);
  const found = data?.filter(({ traceId }) => traceId !== other);
  const traceId = parseTraceId(text);
  return (
    <section className="choice-list" aria-live="polite">
      <h3>{texts.found(isolatedText(text))}</h3>
      {error === null ? undefined : (
        <p role="alert">{texts.searchFailed(describeFailure(error))}</p>
      )}
      {data === undefined && error === null ? <p>{texts.searching}</p> : undefined}
      {found?.length === 0 ? <p>{texts.noneFound}</p> : undefined}
      {traceId === undefined ? undefined : (
        <p>
          <Button look="link" onClick={() => onChoose(traceId)}>
            {texts.takeId(traceId)}
          </Button>
        </p>
      )}
      <ul>
        {found?.map((trace) => (
          <TraceOption
            key={trace.traceId}
            trace={toOption(trace)}
            nowMs={nowMs}
            onChoose={() => onChoose(trace.traceId)}
          />
        ))}
      </ul>
    </section>
  );
}
