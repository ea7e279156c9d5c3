import type { ClewClient } from '@clew/api';
import { Suspense, lazy, useId, useImperativeHandle, useRef } from 'react';
import type { ReactNode, Ref } from 'react';
import { messages } from '../../../messages/messages.ts';
import { ComboboxItem } from '../../../ui/combobox-item.tsx';
import { useFieldControl } from '../../../ui/field.tsx';
import { useQueryLine } from './use-query-line.ts';
import './query-line.css';

const QueryExcerpt = lazy(async () => ({
  default: (await import('./query-excerpt.tsx')).QueryExcerpt,
}));

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
        placeholder={messages.search.form.queryHint}
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
        <ul
          id={listId}
          role="listbox"
          aria-label={messages.search.form.completions}
          className="combobox-list"
        >
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
      {isWrong ? (
        <Suspense>
          <QueryExcerpt text={value} />
        </Suspense>
      ) : undefined}
    </div>
  );
}
