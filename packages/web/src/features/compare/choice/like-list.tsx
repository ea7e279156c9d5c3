import type { ClewClient, TraceSummaryJson } from '@clew/api';
import type { ReactNode } from 'react';
import { isolatedText } from '../../../base/visible-text.ts';
import { messages } from '../../../messages/messages.ts';
import { findTitleSpan, nameOf, serviceOf } from '../../../trace/trace-view.ts';
import type { TraceView } from '../../../trace/trace-view.ts';
import { describeFailure } from '../side-problem.tsx';
import type { Likes } from './choose-likes.ts';
import { TraceOption, toOption } from './trace-option.tsx';
import { useLikes } from './use-choices.ts';

const texts = messages.compare.choice;

export interface LikeListProps {
  readonly client: ClewClient;
  /** The trace that is there already. */
  readonly view: TraceView;
  readonly nowMs: number;
  readonly onChoose: (traceId: string) => void;
}

/** Traces that begin with the same operation: a typical one, the fastest, the slowest, a failed one. */
export function LikeList({ client, view, nowMs, onChoose }: LikeListProps): ReactNode {
  const { data, error } = useLikes(client, view);
  const root = findTitleSpan(view);
  const options = data === undefined ? [] : optionsOf(data);
  return (
    <section className="choice-list">
      <h3>
        {texts.like(isolatedText(nameOf(view, root)), isolatedText(serviceOf(view, root)))}{' '}
        <small>{texts.likeHint}</small>
      </h3>
      {error === null ? undefined : (
        <p role="alert">{texts.searchFailed(describeFailure(error))}</p>
      )}
      {data === undefined && error === null ? <p>{texts.searching}</p> : undefined}
      {data !== undefined && options.length === 0 ? <p>{texts.noneLike}</p> : undefined}
      <ul>
        {options.map(({ trace, label, hint }) => (
          <TraceOption
            key={label}
            trace={toOption(trace)}
            label={label}
            hint={hint}
            nowMs={nowMs}
            onChoose={() => onChoose(trace.traceId)}
          />
        ))}
      </ul>
    </section>
  );
}

interface LikeOption {
  readonly label: string;
  readonly hint: string;
  readonly trace: TraceSummaryJson;
}

function optionsOf({ typical, typicalOf, fastest, slowest, failed }: Likes): readonly LikeOption[] {
  const options = [
    { label: texts.typical, hint: texts.typicalHint(typicalOf), trace: typical },
    { label: texts.fastest, hint: texts.withoutErrors, trace: fastest },
    { label: texts.slowest, hint: texts.withoutErrors, trace: slowest },
    { label: texts.failed, hint: texts.failedHint, trace: failed },
  ];
  return options.flatMap(({ trace, ...rest }) => (trace === undefined ? [] : { trace, ...rest }));
}
