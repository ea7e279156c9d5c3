import { ComboboxItem as Item } from '@ariakit/react/combobox';
import type { ComboboxStore } from '@ariakit/react/combobox';
import { useStoreState } from '@ariakit/react/store';
import type { ReactNode } from 'react';
import { ShownText } from './shown-text.tsx';
import type { ComboboxOption } from './combobox-options.ts';
import './combobox.css';
import './service-name.css';

/** A line of the list under a field that completes. */
export function ComboboxItem({
  store,
  id,
  option,
  chosen,
  onTake,
}: {
  readonly store: ComboboxStore;
  readonly id: string;
  readonly option: ComboboxOption;
  readonly chosen: string | undefined;
  readonly onTake: () => void;
}): ReactNode {
  const isActive = useStoreState(store, ({ activeId }) => activeId === id);
  return (
    <Item
      store={store}
      id={id}
      value={option.value}
      className="combobox-option"
      aria-selected={chosen === undefined ? isActive : option.value === chosen}
      data-service-color={option.serviceColor}
      // What is taken, and whether the list stays, is the field's to say.
      setValueOnClick={false}
      selectValueOnClick={false}
      hideOnClick={false}
      onClick={onTake}
    >
      {option.serviceColor === undefined ? undefined : <i className="service-swatch" />}
      <span>
        <ShownText text={option.value} />
      </span>
      {option.note === undefined ? undefined : <small>{option.note}</small>}
    </Item>
  );
}
