import type { ClewClient } from '@clew/api';
import type { KeyboardEvent, ReactNode, Ref } from 'react';
import { formatExactCount } from '../../../base/format.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import { rankOfMark } from '../../../trace/find-next.ts';
import { messages } from '../../../messages/messages.ts';
import { Icon } from '../../../ui/icon.tsx';
import { useReadable } from '../use-readable.ts';
import { FindProblem } from './find-problem.tsx';
import type { FindState } from './find-state.ts';
import { useFind } from './use-find.ts';
import './find-box.css';

export interface FindBoxProps {
  readonly client: Pick<ClewClient, 'findMatches'>;
  readonly ref: Ref<HTMLInputElement>;
  readonly state: TraceState;
  readonly find: FindState;
}

/** Finds spans of this trace by words in their names, services and attributes, or by TraceQL. */
export function FindBox({ ref, client, state, find }: FindBoxProps): ReactNode {
  const text = useReadable(find.text);
  const label = useReadable(find.label);
  useFind(client, state, find);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      find.step(state, event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      find.clear();
      event.currentTarget.blur();
    }
  };
  return (
    <div className="find-box" role="search">
      <Icon name="search" />
      {label === undefined ? undefined : (
        <span className="find-label" title={label}>
          <span>{label}</span>
          <button type="button" aria-label={messages.trace.find.clear} onClick={() => find.clear()}>
            <Icon name="close" />
          </button>
        </span>
      )}
      <input
        ref={ref}
        type="text"
        value={text}
        placeholder={label === undefined ? messages.trace.find.placeholder : ''}
        aria-label={messages.trace.find.label}
        title={messages.trace.find.title}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => find.text.set(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {text.trim() === '' && label === undefined ? undefined : (
        <FindResult state={state} find={find} />
      )}
    </div>
  );
}

function FindResult({ state, find }: Pick<FindBoxProps, 'state' | 'find'>): ReactNode {
  const count = useReadable(find.count);
  const matches = useReadable(find.matches);
  const selected = useReadable(state.selection);
  const rank = matches === undefined ? 0 : rankOfMark(state.view.get().tree, matches, selected);
  const server = useReadable(find.server);
  const total = count === 0 ? messages.trace.find.none : formatExactCount(count);
  const isRefused = server.status === 'failed' && matches === undefined;
  return (
    <>
      {server.status === 'failed' ? (
        <>
          <span className="find-failed">
            <Icon name="warning" />
          </span>
          <FindProblem {...server} onTake={(query) => find.text.set(query)} />
        </>
      ) : undefined}
      <output className="find-count" data-sought={useReadable(find.sought)}>
        {rank > 0 ? messages.trace.find.rank(formatExactCount(rank), total) : undefined}
        {rank > 0 || isRefused ? undefined : total}
        {server.status === 'searching' ? messages.trace.find.more : ''}
      </output>
      <button
        type="button"
        aria-label={messages.trace.find.previous}
        disabled={count === 0}
        onClick={() => find.step(state, -1)}
      >
        <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
          <path d="m4 10 4-4 4 4" />
        </svg>
      </button>
      <button
        type="button"
        aria-label={messages.trace.find.next}
        disabled={count === 0}
        onClick={() => find.step(state, 1)}
      >
        <Icon name="chevronDown" />
      </button>
    </>
  );
}
