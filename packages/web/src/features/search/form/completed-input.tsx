import type { ClewClient } from '@clew/api';
import { useId, useImperativeHandle, useRef } from 'react';
import type { ReactNode, Ref } from 'react';
import { messages } from '../../../messages/messages.ts';
import { ComboboxItem } from '../../../ui/combobox-item.tsx';
import { useFieldControl } from '../../../ui/field.tsx';
import type { CompletedLanguage } from './completion.ts';
import { useCompletion } from './use-completion.ts';
import './completed-input.css';

export interface CompletedInputProps {
  readonly client: ClewClient;
  readonly language: CompletedLanguage;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder: string;
  readonly inputRef?: Ref<HTMLInputElement> | undefined;
}

/** A field of a language that completes what is typed. */
export function CompletedInput({
  client,
  language,
  value,
  onChange,
  placeholder,
  inputRef,
}: CompletedInputProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  useImperativeHandle(inputRef, () => input.current as HTMLInputElement);
  const line = useCompletion({ client, language, value, onChange, input });
  const listId = useId();
  const optionId = (index: number) => `${listId}-${index}`;
  return (
    <div className="combobox completed-input">
      <input
        {...useFieldControl()}
        ref={input}
        type="text"
        role="combobox"
        className="text-input"
        value={value}
        placeholder={placeholder}
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
    </div>
  );
}
