import {
  ComboboxGroup,
  ComboboxGroupLabel,
  ComboboxItem,
  ComboboxList,
} from '@ariakit/react/combobox';
import type { ComboboxStore } from '@ariakit/react/combobox';
import { useStoreState } from '@ariakit/react/store';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { visibleText } from '../../base/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { KeyCaps } from '../../ui/key-caps.tsx';
import type { PaletteEntry, PaletteGroup } from './palette-entries.ts';

export interface PaletteListProps {
  readonly store: ComboboxStore;
  readonly groups: readonly PaletteGroup[];
  readonly onTake: (entry: PaletteEntry) => void;
}

/** The entries in their groups; the focus stays in the field above. */
export function PaletteList({ store, groups, onTake }: PaletteListProps): ReactNode {
  return (
    <ComboboxList
      store={store}
      alwaysVisible
      className="palette-list"
      aria-label={messages.app.palette.results}
      // The field keeps the focus.
      onMouseDown={(event) => event.preventDefault()}
    >
      {groups.map(({ title, entries }, at) => {
        // Two groups may have one title: where an id leads, and pages to go to.
        return (
          <ComboboxGroup key={`${title} ${at}`} className="palette-group">
            <ComboboxGroupLabel className="palette-group-title">{title}</ComboboxGroupLabel>
            {entries.map((entry) => (
              <Entry key={entry.id} store={store} entry={entry} onTake={() => onTake(entry)} />
            ))}
          </ComboboxGroup>
        );
      })}
    </ComboboxList>
  );
}

interface EntryProps {
  readonly store: ComboboxStore;
  readonly entry: PaletteEntry;
  readonly onTake: () => void;
}

function Entry({ store, entry, onTake }: EntryProps): ReactNode {
  const { name, note, keys = [], serviceColor } = entry;
  const id = useId();
  const isActive = useStoreState(store, ({ activeId }) => activeId === id);
  return (
    <ComboboxItem
      store={store}
      id={id}
      className="palette-entry"
      aria-selected={isActive}
      data-service-color={serviceColor}
      focusOnHover
      blurOnHoverEnd={false}
      onClick={onTake}
    >
      {serviceColor === undefined ? undefined : <i className="service-swatch" />}
      <span dir="auto">{visibleText(name)}</span>
      {note === undefined ? undefined : <small dir="auto">{visibleText(note)}</small>}
      {keys.length === 0 ? undefined : <KeyCaps keys={keys} />}
    </ComboboxItem>
  );
}
