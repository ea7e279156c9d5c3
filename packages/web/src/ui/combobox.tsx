import { useState } from 'react';
import type { ReactNode, Ref } from 'react';
import { messages } from '../messages/messages.ts';
import { matchOptions } from './combobox-options.ts';
import type { ComboboxOption } from './combobox-options.ts';
import { CompletingInput } from './completing-input.tsx';
import { Icon } from './icon.tsx';
import './combobox.css';

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
  const [isOpen, setIsOpen] = useState(false);
  const [isTyped, setIsTyped] = useState(false);
  // A value that was taken from the list does not hide the others from whoever opens it again.
  const { shown, leftOut } = matchOptions(options, isTyped ? value : '');
  const setOpen = (open: boolean) => {
    setIsOpen(open);
    if (!open) setIsTyped(false);
  };
  return (
    <CompletingInput
      inputRef={inputRef}
      value={value}
      placeholder={placeholder}
      options={shown}
      leftOut={leftOut}
      chosen={value}
      isOpen={isOpen}
      onOpenChange={setOpen}
      onClick={() => setIsTyped(false)}
      onType={(text) => {
        onChange(text);
        setIsTyped(true);
      }}
      onTake={(option) => {
        onChange(option.value);
        setOpen(false);
      }}
    >
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
    </CompletingInput>
  );
}
