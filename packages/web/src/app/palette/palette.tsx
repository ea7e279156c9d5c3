import { Combobox, useComboboxStore } from '@ariakit/react/combobox';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { messages } from '../../messages/messages.ts';
import { openBrowserStorage } from '../../state/browser-storage.ts';
import { UsedEntries } from '../../state/used-entries.ts';
import { useCommandSections } from '../../ui/commands.tsx';
import { Dialog, DialogEnd } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { PaletteList } from './palette-list.tsx';
import { choosePaletteGroups, commandGroups, keyOfEntry } from './palette-entries.ts';
import type { PaletteEntry, PaletteGroup } from './palette-entries.ts';
import { usePlaces } from './use-places.ts';
import './palette.css';

const TEXTS = messages.app.palette;

/**
 * Everything one can do on the page and everywhere one can go, found by name. It is closed before what was chosen is done, so
 * that the focus is back where it was, and a command may move it.
 */
export function Palette({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [text, setText] = useState('');
  const [used] = useState(() => new UsedEntries(openBrowserStorage()));
  const { groups, servicesError } = useGroups(text, used.get());
  const count = groups.reduce((sum, { entries }) => sum + entries.length, 0);
  // The list is always there; only with nothing in it there is none to go to.
  const store = useComboboxStore({
    value: text,
    setValue: setText,
    open: count > 0,
    compositeElementInFocusOrder: false,
  });
  const take = (entry: PaletteEntry) => {
    const group = groups.find(({ entries }) => entries.includes(entry));
    if (group !== undefined) used.remember(keyOfEntry(group, entry));
    flushSync(onClose);
    entry.run();
  };
  return (
    <Dialog label={TEXTS.label} className="palette" onClose={onClose}>
      <div className="palette-line">
        <Icon name="search" />
        <Combobox
          store={store}
          // The first of what is found is what Enter takes.
          autoSelect="always"
          placeholder={TEXTS.hint}
          aria-label={TEXTS.hint}
          spellCheck={false}
        />
        <DialogEnd label={TEXTS.close} />
      </div>
      {count === 0 ? <NothingFound text={text} /> : undefined}
      <PaletteList store={store} groups={groups} onTake={take} />
      <p className="visually-hidden" role="status">
        {TEXTS.count(count)}
      </p>
      {servicesError === undefined ? undefined : (
        <p className="palette-failed" role="alert">
          <Icon name="warning" /> {TEXTS.servicesFailed(servicesError.message)}
        </p>
      )}
    </Dialog>
  );
}

/** What the text asks for, and what could not be looked at. */
function useGroups(
  text: string,
  used: readonly string[],
): {
  readonly groups: readonly PaletteGroup[];
  readonly servicesError: Error | undefined;
} {
  const commands = commandGroups(useCommandSections());
  const { groups: places, trace, servicesError } = usePlaces(text);
  const found = choosePaletteGroups({
    commands,
    places,
    used,
    usedTitle: TEXTS.used,
    text,
  });
  return { groups: trace === undefined ? found : [trace, ...found], servicesError };
}

function NothingFound({ text }: { readonly text: string }): ReactNode {
  return (
    <div className="palette-none">
      <strong>{TEXTS.none(text.trim().slice(0, 80))}</strong>
      <p>{TEXTS.noneAdvice}</p>
    </div>
  );
}
