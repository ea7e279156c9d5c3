import { Combobox, ComboboxList, useComboboxStore } from '@ariakit/react/combobox';
import type { ComboboxStore } from '@ariakit/react/combobox';
import { useStoreState } from '@ariakit/react/store';
import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode, Ref } from 'react';
import { messages } from '../messages/messages.ts';
import { ComboboxItem } from './combobox-item.tsx';
import type { ComboboxOption } from './combobox-options.ts';
import { useFieldControl } from './field.tsx';
import './combobox.css';

export interface CompletingInputProps {
  readonly value: string;
  readonly placeholder: string;
  /** What is offered now, each value once. */
  readonly options: readonly ComboboxOption[];
  /** How many more there are. */
  readonly leftOut?: number;
  /** The one that is marked in the list; without it that is the one that Enter takes. */
  readonly chosen?: string;
  readonly listLabel?: string;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  /** `cursor` counts UTF-16 units from the text's beginning. */
  readonly onType: (text: string, cursor: number) => void;
  readonly onTake: (option: ComboboxOption) => void;
  /** A click of the mouse or a finger; the list opens where this is given. */
  readonly onClick?: () => void;
  readonly onMoveCursor?: (cursor: number) => void;
  /** What Tab takes from the open list, if anything. */
  readonly tabTakes?: 'active' | 'first';
  readonly inputRef?: Ref<HTMLInputElement> | undefined;
  readonly className?: string;
  /** Stands in the field, at its end. */
  readonly children?: ReactNode;
}

/** A line of text, and under it a list that completes it. Enter belongs to the form until an arrow has gone to an option. */
export function CompletingInput({ inputRef, ...props }: CompletingInputProps): ReactNode {
  const { options, leftOut = 0, isOpen, onOpenChange } = props;
  const isShown = isOpen && options.length > 0;
  const store = useComboboxStore({
    open: isShown,
    setOpen: onOpenChange,
    // Arrows go from the last option to the first, and not by way of the field.
    compositeElementInFocusOrder: false,
  });
  const listId = useId();
  const cursor = useCursor(store, props);
  const onArrow = useArrowIntoList(store);
  const onTake = (option: ComboboxOption) => {
    props.onTake(option);
    // What is offered next has another first option.
    store.setActiveId(null);
  };
  return (
    <div className={['combobox', props.className].filter(Boolean).join(' ')}>
      <Combobox
        {...useFieldControl()}
        ref={inputRef}
        store={store}
        className="text-input"
        type="text"
        value={props.value}
        placeholder={props.placeholder}
        autoCapitalize="off"
        spellCheck={false}
        setValueOnChange={false}
        setValueOnClick={false}
        showOnClick={props.onClick !== undefined}
        onClick={props.onClick}
        onChange={({ target }) => cursor.type(target.value, target.selectionStart ?? 0)}
        onSelect={({ currentTarget }) => cursor.move(currentTarget.selectionStart ?? 0)}
        onBlur={store.hide}
        onKeyDown={(event) => {
          onArrow(event);
          onKeyDown(event, store, { ...props, onTake });
        }}
      />
      {props.children}
      {isShown ? (
        <ComboboxList
          store={store}
          id={listId}
          className="combobox-list"
          aria-label={props.listLabel}
          // The field keeps the focus: losing it would close the list under the pointer.
          onMouseDown={(event) => event.preventDefault()}
          // The keys of the field are said to the option, too, and must not go on to the page from there.
          onKeyDown={(event) => event.stopPropagation()}
        >
          {options.map((option, index) => (
            <ComboboxItem
              key={option.value}
              store={store}
              id={`${listId}-${index}`}
              option={option}
              chosen={props.chosen}
              onTake={() => onTake(option)}
            />
          ))}
          {leftOut > 0 ? (
            <div className="combobox-more" role="presentation">
              {messages.ui.more(leftOut)}
            </div>
          ) : undefined}
        </ComboboxList>
      ) : undefined}
    </div>
  );
}

/** Escape and Tab, and an Enter that takes nothing; the rest is the primitive's. */
function onKeyDown(
  event: KeyboardEvent,
  store: ComboboxStore,
  { options, tabTakes, onTake }: CompletingInputProps,
): void {
  const { open, activeId } = store.getState();
  if (!open || event.defaultPrevented) return;
  const active = options.find(({ value }) => value === store.item(activeId)?.value);
  if (event.key === 'Escape') {
    store.hide();
    event.preventDefault();
  } else if (event.key === 'Enter' && active === undefined) {
    // With the list closed it is the form's.
    store.hide();
  } else if (event.key === 'Tab' && !event.shiftKey && tabTakes !== undefined) {
    const taken = active ?? (tabTakes === 'first' ? options[0] : undefined);
    if (taken === undefined) return;
    onTake(taken);
    event.preventDefault();
  }
}

/** Another place in the text has other options, none of which an arrow has gone to. */
function useCursor(
  store: ComboboxStore,
  { value, onType, onMoveCursor }: CompletingInputProps,
): {
  readonly type: (text: string, cursor: number) => void;
  readonly move: (cursor: number) => void;
} {
  const [last, setLast] = useState(value.length);
  return {
    type: (text, cursor) => {
      setLast(cursor);
      onType(text, cursor);
    },
    move: (cursor) => {
      // Also said when the focus has been to an option and back.
      if (cursor === last) return;
      setLast(cursor);
      store.setActiveId(null);
      onMoveCursor?.(cursor);
    },
  };
}

/** An arrow that opens the list goes to its first option, or its last, as soon as there is one. */
function useArrowIntoList(store: ComboboxStore): (event: KeyboardEvent) => void {
  const wanted = useRef<'first' | 'last'>(undefined);
  const { open, renderedItems } = useStoreState(store);
  useEffect(() => {
    if (!open || renderedItems.length === 0 || wanted.current === undefined) return;
    store.move(store[wanted.current]());
    wanted.current = undefined;
  }, [store, open, renderedItems]);
  return ({ key }) => {
    if (store.getState().open) return;
    wanted.current = key === 'ArrowDown' ? 'first' : key === 'ArrowUp' ? 'last' : undefined;
  };
}
