import { useId } from 'react';
import type { ReactNode, Ref } from 'react';
import { messages } from '../messages/messages.ts';
import { ComboboxItem } from './combobox-item.tsx';
import type { ComboboxOption } from './combobox-options.ts';
import { useFieldControl } from './field.tsx';
import { Icon } from './icon.tsx';
import { useCombobox } from './use-combobox.ts';
import './combobox.css';
import './service-name.css';

export interface ComboboxProps {
  readonly value: string;
  readonly options: readonly ComboboxOption[];
  /** Any text, whether it is one of the options or not. */
  readonly onChange: (value: string) => void;
  readonly placeholder: string;
  readonly inputRef?: Ref<HTMLInputElement> | undefined;
}

/** A text field that completes from a list. */
export function Combobox({
  value,
  options,
  onChange,
  placeholder,
  inputRef,
}: ComboboxProps): ReactNode {
  const combobox = useCombobox({ value, options, onChange });
  const listId = useId();
  const optionId = (index: number) => `${listId}-${index}`;
  return (
    <div className="combobox">
      <input
        {...useFieldControl()}
        ref={inputRef}
        type="text"
        role="combobox"
        className="text-input"
        value={value}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        aria-expanded={combobox.isOpen}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={
          combobox.activeIndex >= 0 ? optionId(combobox.activeIndex) : undefined
        }
        onChange={(event) => combobox.type(event.target.value)}
        onClick={combobox.open}
        onBlur={combobox.close}
        onKeyDown={combobox.onKeyDown}
      />
      {value === '' ? (
        <Icon name="chevronDown" />
      ) : (
        <button
          type="button"
          className="combobox-clear"
          aria-label={messages.ui.clear}
          onClick={() => onChange('')}
        >
          <Icon name="close" />
        </button>
      )}
      {combobox.isOpen ? (
        <ul id={listId} role="listbox" className="combobox-list">
          {combobox.shown.map((option, index) => (
            <ComboboxItem
              key={option.value}
              id={optionId(index)}
              option={option}
              isActive={index === combobox.activeIndex}
              isChosen={option.value === value}
              onTake={() => combobox.take(option)}
            />
          ))}
          {combobox.leftOut > 0 ? (
            <li className="combobox-more" role="presentation">
              {messages.ui.more(combobox.leftOut)}
            </li>
          ) : undefined}
        </ul>
      ) : undefined}
    </div>
  );
}
