import { useDeferredValue, useEffect } from 'react';
import type { KeyboardEvent, ReactNode, Ref } from 'react';
import { formatCount } from '../../../base/format.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import { rankOfMark } from '../../../trace/find-next.ts';
import type { TraceView } from '../../../trace/trace-view.ts';
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
  useSearch(useReadable(state.view), find, text);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      find.step(state, event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      find.text.set('');
      event.currentTarget.blur();
    }
  };
  return (
    <div className="find-box" role="search">
      <Icon name="search" />
      <input
        ref={ref}
        type="text"
        value={text}
        placeholder="Find in trace"
        aria-label="Find in this trace"
        title="Words in names, services, attributes (f)"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => find.text.set(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {text.trim() === '' ? undefined : <FindResult state={state} find={find} />}
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
      <output className="find-count" data-sought={useReadable(find.sought)}>
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

function useSearch(view: TraceView, find: FindState, text: string): void {
  const sought = useDeferredValue(text);
  useEffect(() => {
    find.set(sought, sought.trim() === '' ? undefined : findSpans(view, sought));
  }, [view, find, sought]);
}
