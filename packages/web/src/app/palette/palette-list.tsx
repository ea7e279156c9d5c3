import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { visibleText } from '../../base/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { KeyCaps } from '../../ui/key-caps.tsx';
import type { PaletteEntry, PaletteGroup } from './palette-entries.ts';

export interface PaletteListProps {
  readonly id: string;
  readonly groups: readonly PaletteGroup[];
  /** The entry that Enter takes, counted through all groups. */
  readonly active: number;
  readonly idOf: (at: number) => string;
  readonly onPoint: (at: number) => void;
  readonly onTake: (entry: PaletteEntry) => void;
}

/** The entries in their groups; the focus stays in the field above. */
export function PaletteList({ id, groups, ...rest }: PaletteListProps): ReactNode {
  const firsts = groups.map((_, at) =>
    groups.slice(0, at).reduce((sum, { entries }) => sum + entries.length, 0),
  );
  return (
    <div id={id} role="listbox" className="palette-list" aria-label={messages.app.palette.results}>
      {groups.map((group, at) => {
        // Two groups may have one title: where an id leads, and pages to go to.
        return (
          <Group key={`${group.title} ${at}`} group={group} first={firsts[at] ?? 0} {...rest} />
        );
      })}
    </div>
  );
}

function Group({
  group: { title, entries },
  first,
  active,
  idOf,
  onPoint,
  onTake,
}: Omit<PaletteListProps, 'id' | 'groups'> & {
  readonly group: PaletteGroup;
  readonly first: number;
}): ReactNode {
  const titleId = useId();
  return (
    <div role="group" aria-labelledby={titleId} className="palette-group">
      {/* Names the group, and is no heading: a list box has groups and options alone. */}
      <div id={titleId} className="palette-group-title">
        {title}
      </div>
      {entries.map((entry, at) => (
        <Entry
          key={entry.id}
          id={idOf(first + at)}
          entry={entry}
          isActive={first + at === active}
          onPoint={() => onPoint(first + at)}
          onTake={() => onTake(entry)}
        />
      ))}
    </div>
  );
}

interface EntryProps {
  readonly id: string;
  readonly entry: PaletteEntry;
  readonly isActive: boolean;
  readonly onPoint: () => void;
  readonly onTake: () => void;
}

function Entry({ id, entry, isActive, onPoint, onTake }: EntryProps): ReactNode {
  const { name, note, keys = [], serviceColor } = entry;
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) line.current?.scrollIntoView({ block: 'nearest' });
  }, [isActive]);
  return (
    <div
      ref={line}
      id={id}
      role="option"
      className="palette-entry"
      aria-selected={isActive}
      data-service-color={serviceColor}
      // Not on entering: the list moves under a pointer that rests while arrows scroll it.
      onPointerMove={isActive ? undefined : onPoint}
      onClick={onTake}
    >
      {serviceColor === undefined ? undefined : <i className="service-swatch" />}
      <span dir="auto">{visibleText(name)}</span>
      {note === undefined ? undefined : <small dir="auto">{visibleText(note)}</small>}
      {keys.length === 0 ? undefined : <KeyCaps keys={keys} />}
    </div>
  );
}
