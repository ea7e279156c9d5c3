import type { ClewClient } from '@clew/api';
import { useId, useImperativeHandle, useRef } from 'react';
import type { ReactNode, Ref } from 'react';
import { ComboboxItem } from '../../../ui/combobox-item.tsx';
import { useFieldControl } from '../../../ui/field.tsx';
import { findQueryProblem } from './query-problem.ts';
import { useQueryLine } from './use-query-line.ts';
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
            <ComboboxItem
              key={suggestion.text}
              id={optionId(index)}
              option={{ value: suggestion.text, note: suggestion.note || undefined }}
              isActive={index === line.activeIndex}
              isChosen={index === line.activeIndex}
              onTake={() => line.take(suggestion)}
            />
          ))}
        </ul>
      ) : undefined}
      {isWrong ? <Excerpt text={value} /> : undefined}
    </div>
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
