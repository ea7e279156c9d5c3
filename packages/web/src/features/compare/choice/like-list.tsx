import type { ClewClient } from '@clew/api';
import type { ReactNode } from 'react';
import { isolatedText } from '../../../base/visible-text.ts';
import { comparePage } from '../../../messages/compare.ts';
import { findTitleSpan, nameOf, serviceOf } from '../../../trace/trace-view.ts';
import type { TraceView } from '../../../trace/trace-view.ts';
import { describeFailure } from '../side-problem.tsx';
import type { Likes, OperationRun } from './choose-likes.ts';
import { TraceOption } from './trace-option.tsx';
import { useLikes } from './use-choices.ts';

const texts = comparePage.choice;

export interface LikeListProps {
  readonly client: ClewClient;
  /** The trace that is there already. */
  readonly view: TraceView;
  readonly nowMs: number;
  readonly onChoose: (traceId: string) => void;
}

/** Traces that begin with the same operation: the fastest, the one in the middle, the slowest, a failed one. */
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
        {options.map(({ run, label, hint }) => (
          <TraceOption
            key={label}
            trace={run}
            label={label}
            hint={hint}
            nowMs={nowMs}
            onChoose={() => onChoose(run.traceId)}
          />
        ))}
      </ul>
    </section>
  );
}

interface LikeOption {
  readonly label: string;
  readonly hint: string;
  readonly run: OperationRun;
}

function optionsOf(likes: Likes): readonly LikeOption[] {
  const { median, medianOf, fastest, slowest, failed, leastSpans } = likes;
  const usualHint = texts.usualHint(leastSpans);
  const options = [
    { label: texts.fastest, hint: usualHint, run: fastest },
    { label: texts.median, hint: texts.medianHint(medianOf, leastSpans), run: median },
    { label: texts.slowest, hint: usualHint, run: slowest },
    { label: texts.failed, hint: texts.failedHint, run: failed },
  ];
  return options.flatMap(({ run, ...rest }) => (run === undefined ? [] : { run, ...rest }));
}
