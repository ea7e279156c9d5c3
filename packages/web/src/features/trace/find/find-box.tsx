import { useDeferredValue, useEffect } from 'react';
import type { KeyboardEvent, ReactNode, Ref } from 'react';
import { formatCount } from '../../../base/format.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import { rankOfMark } from '../../../trace/find-next.ts';
import { messages } from '../../../messages/messages.ts';
import { Icon } from '../../../ui/icon.tsx';
import { useReadable } from '../use-readable.ts';
import { findSpans } from './find-spans.ts';
import type { FindState } from './find-state.ts';
import './find-box.css';

export interface FindBoxProps {
  readonly ref: Ref<HTMLInputElement>;
  readonly state: TraceState;
  readonly find: FindState;
}

/** Finds spans of this trace by words in their names, services and attributes. */
export function FindBox({ ref, state, find }: FindBoxProps): ReactNode {
  const text = useReadable(find.text);
  const label = useReadable(find.label);
  useSearch(state, find, text);
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
        aria-label="Find in this trace"
        title="Words in names, services, attributes (f)"
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
  const total = count === 0 ? 'none' : formatCount(count);
  return (
    <>
      <output className="find-count">
        {rank > 0 ? `${formatCount(rank)} of ${total}` : total}
      </output>
      <button
        type="button"
        aria-label="Previous"
        disabled={count === 0}
        onClick={() => find.step(state, -1)}
      >
        <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
          <path d="m4 10 4-4 4 4" />
        </svg>
      </button>
      <button
        type="button"
        aria-label="Next"
        disabled={count === 0}
        onClick={() => find.step(state, 1)}
      >
        <Icon name="chevronDown" />
      </button>
    </>
  );
}

function useSearch(state: TraceState, find: FindState, text: string): void {
  const view = useReadable(state.view);
  const sought = useDeferredValue(text);
  useEffect(() => {
    if (sought.trim() !== '') find.set(findSpans(view, sought));
    // What was pointed at stays, though nothing is typed.
    else if (find.label.get() === undefined) find.set(undefined);
  }, [view, find, sought]);
  // In another answer the spans have other indexes.
  useEffect(
    () =>
      state.view.subscribe(() => {
        if (find.label.get() !== undefined) find.set(undefined);
      }),
    [state, find],
  );
}
