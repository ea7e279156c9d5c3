import { Link } from '@tanstack/react-router';
import { useId, useRef, useState, useSyncExternalStore } from 'react';
import type { FormEvent, KeyboardEvent, ReactNode } from 'react';
import { isolatedText, visibleText } from '../../../base/visible-text.ts';
import { messages } from '../../../messages/messages.ts';
import type { KeptSearch, SearchHistory } from '../../../state/search-history.ts';
import { parseSearchState } from '../../../state/search-state.ts';
import type { ResolvedSearchState } from '../../../state/search-state.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { useTimeZone } from '../../../ui/time-zone.tsx';
import { describeConditions, describeRest } from './describe-search.ts';

const text = messages.search.history;

/** Searches to go back to, each a link, and a name for the one on the page. Arrows go from one to the next. */
export function HistoryPanel({
  history,
  state,
  onClose,
}: {
  readonly history: SearchHistory;
  readonly state: ResolvedSearchState;
  readonly onClose: () => void;
}): ReactNode {
  const { saved, recent } = useSyncExternalStore(history.subscribe, history.get);
  const panel = useRef<HTMLDivElement>(null);
  return (
    <div ref={panel} onKeyDown={(event) => walk(event, panel.current)}>
      {saved.length === 0 && recent.length === 0 ? (
        <p className="history-none">{text.none}</p>
      ) : undefined}
      <KeptList title={text.saved} onClose={onClose}>
        {saved.map((kept) => ({
          ...kept,
          key: kept.name,
          onRemove: () => history.remove(kept.name),
        }))}
      </KeptList>
      <KeptList title={text.recent} onClose={onClose}>
        {recent.map((kept) => ({ ...kept, key: JSON.stringify(kept.values) }))}
      </KeptList>
      <SaveForm history={history} state={state} />
      {recent.length === 0 ? undefined : (
        <Button look="quiet" onClick={() => history.forgetRecent()}>
          {text.forget}
        </Button>
      )}
    </div>
  );
}

interface KeptEntry extends KeptSearch {
  readonly key: string;
  readonly name?: string;
  readonly onRemove?: () => void;
}

function KeptList({
  title,
  children: entries,
  onClose,
}: {
  readonly title: string;
  readonly children: readonly KeptEntry[];
  readonly onClose: () => void;
}): ReactNode {
  const titleId = useId();
  if (entries.length === 0) return undefined;
  return (
    <>
      <h3 id={titleId}>{title}</h3>
      <ul aria-labelledby={titleId}>
        {entries.map((entry) => (
          <KeptItem key={entry.key} entry={entry} onClose={onClose} />
        ))}
      </ul>
    </>
  );
}

function KeptItem({
  entry: { name, values, onRemove },
  onClose,
}: {
  readonly entry: KeptEntry;
  readonly onClose: () => void;
}): ReactNode {
  const zone = useTimeZone();
  const state = parseSearchState(values);
  const conditions = describeConditions(state);
  const rest = describeRest(state, zone);
  return (
    <li>
      <Link to="/search" search={values} className="history-link" onClick={onClose}>
        <span title={visibleText(conditions)}>
          <bdi>{visibleText(name ?? conditions)}</bdi>
        </span>
        <small>{name === undefined ? rest : `${isolatedText(conditions)} · ${rest}`}</small>
      </Link>
      {name === undefined || onRemove === undefined ? undefined : (
        <Button
          look="quiet"
          aria-label={text.remove(name)}
          title={text.remove(name)}
          onClick={onRemove}
        >
          <Icon name="close" />
        </Button>
      )}
    </li>
  );
}

function SaveForm({
  history,
  state,
}: {
  readonly history: SearchHistory;
  readonly state: ResolvedSearchState;
}): ReactNode {
  const [name, setName] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    history.save(name.trim(), state);
    setName('');
  };
  return (
    <form className="history-save" onSubmit={submit}>
      <input
        type="text"
        className="text-input"
        value={name}
        aria-label={text.nameHint}
        placeholder={text.nameHint}
        maxLength={80}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" disabled={name.trim() === ''}>
        {text.save}
      </Button>
    </form>
  );
}

/** Up and down go through the links. */
function walk(event: KeyboardEvent, panel: HTMLElement | null): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || panel === null) return;
  const links = [...panel.querySelectorAll<HTMLElement>('a')];
  const at = links.indexOf(document.activeElement as HTMLElement);
  const next = links[at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step];
  event.preventDefault();
  next?.focus();
}
