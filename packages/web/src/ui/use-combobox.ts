import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { matchOptions } from './combobox-options.ts';
import type { ComboboxOption, MatchingOptions } from './combobox-options.ts';

export interface ComboboxState extends MatchingOptions {
  readonly isOpen: boolean;
  /** The option that Enter takes; -1 when Enter belongs to the form. */
  readonly activeIndex: number;
  readonly open: () => void;
  readonly close: () => void;
  readonly type: (text: string) => void;
  readonly take: (option: ComboboxOption) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** The behaviour of a text field with completion (the ARIA combobox pattern with a list popup). */
export function useCombobox({
  value,
  options,
  onChange,
}: {
  readonly value: string;
  readonly options: readonly ComboboxOption[];
  readonly onChange: (value: string) => void;
}): ComboboxState {
  const [isOpen, setIsOpen] = useState(false);
  const [isTyped, setIsTyped] = useState(false);
  const [activeIndex, setActiveIndex] = useState(-1);
  // A value that was taken from the list does not hide the others from whoever opens it again.
  const matching = matchOptions(options, isTyped ? value : '');
  const last = matching.shown.length - 1;

  const close = () => {
    setIsOpen(false);
    setActiveIndex(-1);
  };
  const open = () => {
    setIsTyped(false);
    setIsOpen(true);
    setActiveIndex(-1);
  };
  const take = (option: ComboboxOption) => {
    onChange(option.value);
    close();
  };
  const move = (step: 1 | -1) => {
    if (!isOpen) open();
    const next = activeIndex + step;
    setActiveIndex(next > last ? 0 : next < 0 ? last : next);
  };

  return {
    ...matching,
    isOpen: isOpen && last >= 0,
    activeIndex,
    open,
    close,
    take,
    type: (text) => {
      onChange(text);
      setIsTyped(true);
      setIsOpen(true);
      setActiveIndex(-1);
    },
    onKeyDown: (event) => {
      const active = matching.shown[activeIndex];
      if (event.key === 'ArrowDown') move(1);
      else if (event.key === 'ArrowUp') move(-1);
      else if (event.key === 'Enter' && isOpen && active !== undefined) take(active);
      else if (event.key === 'Escape' && isOpen) close();
      else {
        if (event.key === 'Enter') close();
        return;
      }
      event.preventDefault();
    },
  };
}
