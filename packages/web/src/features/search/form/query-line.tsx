import type { ClewClient } from '@clew/api';
import { useEffect, useId, useImperativeHandle, useRef } from 'react';
import type { ReactNode, Ref } from 'react';
import { useFieldControl } from '../../../ui/field.tsx';
import type { Suggestion } from './query-completion.ts';
import { findQueryProblem } from './query-problem.ts';
import { useQueryLine } from './use-query-line.ts';
import '../../../ui/combobox.css';
import './query-line.css';

export interface QueryLineProps {
  readonly client: ClewClient;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Points at what cannot be read. */
  readonly isWrong: boolean;
  readonly inputRef: Ref<HTMLInputElement>;
}

/** A line of TraceQL that completes what is typed. */
export function QueryLine({
  client,
  value,
  onChange,
  isWrong,
  inputRef,
}: QueryLineProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  useImperativeHandle(inputRef, () => input.current as HTMLInputElement);
  const line = useQueryLine({ client, value, onChange, input });
  const listId = useId();
  const optionId = (index: number) => `${listId}-${index}`;
  return (
    <div className="combobox query-line">
      <input
        {...useFieldControl()}
        ref={input}
        type="text"
        role="combobox"
        className="text-input"
        value={value}
        placeholder='{ resource.service.name = "order-service" && duration > 250ms }'
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        aria-expanded={line.isOpen}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={line.activeIndex >= 0 ? optionId(line.activeIndex) : undefined}
        onChange={({ target }) => line.type(target.value, target.selectionStart ?? 0)}
        onSelect={({ currentTarget }) => line.moveCursor(currentTarget.selectionStart ?? 0)}
        onBlur={line.close}
        onKeyDown={line.onKeyDown}
      />
      {line.isOpen ? (
        <ul id={listId} role="listbox" aria-label="Completions" className="combobox-list">
          {line.shown.map((suggestion, index) => (
            <Option
              key={suggestion.text}
              id={optionId(index)}
              suggestion={suggestion}
              isActive={index === line.activeIndex}
              onTake={() => line.take(suggestion)}
            />
          ))}
        </ul>
      ) : undefined}
      {isWrong ? <Excerpt text={value} /> : undefined}
    </div>
  );
}

function Option({
  id,
  suggestion,
  isActive,
  onTake,
}: {
  readonly id: string;
  readonly suggestion: Suggestion;
  readonly isActive: boolean;
  readonly onTake: () => void;
}): ReactNode {
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isActive) item.current?.scrollIntoView({ block: 'nearest' });
  }, [isActive]);
  return (
    <li
      ref={item}
      id={id}
      role="option"
      className="combobox-option"
      aria-selected={isActive}
      data-active={isActive}
      // Before the line loses the focus, which would close the list under the pointer.
      onPointerDown={(event) => {
        event.preventDefault();
        onTake();
      }}
    >
      <span>{suggestion.text}</span>
      {suggestion.note === '' ? undefined : <small>{suggestion.note}</small>}
    </li>
  );
}

/** Characters that are shown before what is wrong, and behind. */
const AROUND = 40;

/** The place that cannot be read, with what is around it. */
function Excerpt({ text }: { readonly text: string }): ReactNode {
  const problem = findQueryProblem(text);
  if (problem === undefined) return undefined;
  const { position } = problem;
  const start = Math.max(0, position - AROUND);
  const word = /^(?:[\w.]+|.)?/su.exec(text.slice(position))?.[0] ?? '';
  return (
    <code className="query-line-excerpt">
      {start > 0 ? '…' : ''}
      {text.slice(start, position)}
      <mark>{word === '' ? ' ' : word}</mark>
      {text.slice(position + word.length, position + AROUND)}
    </code>
  );
}
