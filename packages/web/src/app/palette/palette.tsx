import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { messages } from '../../messages/messages.ts';
import { openBrowserStorage } from '../../state/browser-storage.ts';
import { UsedEntries } from '../../state/used-entries.ts';
import { useCommandTable } from '../../ui/commands.tsx';
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
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const [used] = useState(() => new UsedEntries(openBrowserStorage()));
  const { groups, servicesError } = useGroups(text, used.get());
  const entries = groups.flatMap((group) => group.entries);
  const listId = useId();
  const idOf = (at: number) => `${listId}-${at}`;
  useEffect(() => dialog.current?.showModal(), []);
  const take = (entry: PaletteEntry | undefined) => {
    if (entry === undefined) return;
    const group = groups.find(({ entries }) => entries.includes(entry));
    if (group !== undefined) used.remember(keyOfEntry(group, entry));
    dialog.current?.close();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = stepOf(event, active, entries.length);
    if (next !== undefined) setActive(next);
    else if (event.key === 'Enter') take(entries[active]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label={TEXTS.label}
      closedby="any"
      onClose={onClose}
    >
      <div className="palette-line">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          autoFocus
          value={text}
          placeholder={TEXTS.hint}
          aria-label={TEXTS.hint}
          aria-expanded={entries.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={active < entries.length ? idOf(active) : undefined}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      {entries.length === 0 ? <NothingFound text={text} /> : undefined}
      <PaletteList
        id={listId}
        groups={groups}
        active={active}
        idOf={idOf}
        onPoint={setActive}
        onTake={take}
      />
      <p className="visually-hidden" role="status">
        {TEXTS.count(entries.length)}
      </p>
      {servicesError === undefined ? undefined : (
        <p className="palette-failed" role="alert">
          <Icon name="warning" /> {TEXTS.servicesFailed(servicesError.message)}
        </p>
      )}
    </dialog>
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
  const table = useCommandTable();
  // What the page can do does not change under a dialog.
  const commands = useMemo(() => commandGroups(table.sections()), [table]);
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

const PAGE = 8;

/** Which entry an arrow leads to; arrows go round, pages do not. */
function stepOf({ key }: KeyboardEvent, at: number, count: number): number | undefined {
  if (count === 0) return undefined;
  if (key === 'ArrowDown') return (at + 1) % count;
  if (key === 'ArrowUp') return (at - 1 + count) % count;
  if (key === 'PageDown') return Math.min(count - 1, at + PAGE);
  return key === 'PageUp' ? Math.max(0, at - PAGE) : undefined;
}
