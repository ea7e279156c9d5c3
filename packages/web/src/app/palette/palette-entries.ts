import type { Command, CommandSection, Reach } from '../../ui/command-table.ts';
import { canRun } from '../../ui/command-table.ts';
import { rankEntries } from './rank-entries.ts';
import type { Named, Ranked } from './rank-entries.ts';

/** A line of the palette: something to do, or somewhere to go. */
export interface PaletteEntry extends Named {
  /** Stands once in its group. */
  readonly id: string;
  /** Its key where it stands in another group than its own. */
  readonly key?: string | undefined;
  readonly keys?: readonly string[] | undefined;
  /** Of a service (`base/service-color.ts`). */
  readonly serviceColor?: number | undefined;
  readonly run: () => void;
}

export interface PaletteGroup {
  readonly title: string;
  readonly entries: readonly PaletteEntry[];
}

/** Of places, while nothing is typed: enough to see what there is. Commands are all listed. */
const UNASKED_PLACES = 5;
const UNASKED_USED = 5;
const MAX_OF_GROUP = 12;
/** More than the shorter of two names is worth, less than any letter. */
const USED_SCORE = 1;

export interface CommandGroups {
  /** The views of the page. */
  readonly views: readonly PaletteGroup[];
  /** What one can do: on the page whatever is shown of it, then in what is shown, which are mostly its keys, then everywhere. */
  readonly actions: readonly PaletteGroup[];
}

const REACHES: readonly Reach[] = ['page', 'view', 'everywhere'];

/** The commands that do something now, each with its keys. */
export function commandGroups(sections: readonly CommandSection[]): CommandGroups {
  const isPlaces = (section: CommandSection) => section.isPlaces === true;
  return {
    views: sections.filter(isPlaces).map(toGroup),
    actions: REACHES.flatMap((reach) =>
      sections.filter((one) => one.reach === reach && !isPlaces(one)).map(toGroup),
    ),
  };
}

function toGroup({ title, commands }: CommandSection): PaletteGroup {
  return { title, entries: commands.filter(canRun).map(toEntry) };
}

function toEntry({ name, keys, run }: Command): PaletteEntry {
  return { id: name, name, keys, run: run ?? (() => undefined) };
}

/** What tells an entry from all others, also the next time. */
export function keyOfEntry({ title }: PaletteGroup, { id, key }: PaletteEntry): string {
  return key ?? `${title}\n${id}`;
}

export interface PaletteChoice {
  readonly commands: CommandGroups;
  readonly places: readonly PaletteGroup[];
  /** The keys of what was taken before, the last first (`keyOfEntry`). */
  readonly used: readonly string[];
  /** Names the group of what was taken before. */
  readonly usedTitle: string;
  readonly text: string;
}

/**
 * What the text asks for: groups and their entries by how well they fit. While there is no text: what was taken last, then where one can
 * go, then what one can do.
 */
export function choosePaletteGroups(choice: PaletteChoice): readonly PaletteGroup[] {
  const { commands, places, used, text } = choice;
  if (text.trim() === '') return groupsUnasked(choice);
  return [...commands.views, ...places, ...commands.actions]
    .map((group) => {
      const isUsed = (entry: PaletteEntry) => used.includes(keyOfEntry(group, entry));
      const ranked = rankEntries(group.entries, text, (entry) => (isUsed(entry) ? USED_SCORE : 0));
      return { group, ranked };
    })
    .filter(({ ranked }) => ranked.length > 0)
    .sort((a, b) => bestOf(b.ranked) - bestOf(a.ranked))
    .map(({ group, ranked }) => ({
      ...group,
      entries: ranked.slice(0, MAX_OF_GROUP).map(({ entry }) => entry),
    }));
}

function groupsUnasked(choice: PaletteChoice): readonly PaletteGroup[] {
  const { commands, places, used, usedTitle } = choice;
  const all = [...commands.views, ...places, ...commands.actions];
  const byKey = new Map(
    all.flatMap((group) =>
      group.entries.map((entry) => [keyOfEntry(group, entry), { group, entry }] as const),
    ),
  );
  const taken = used.filter((key) => byKey.has(key)).slice(0, UNASKED_USED);
  const last: PaletteGroup = {
    title: usedTitle,
    entries: taken.flatMap((key) => {
      const found = byKey.get(key);
      if (found === undefined) return [];
      const { group, entry } = found;
      // Away from its group, its name alone may say too little.
      return [{ ...entry, id: key, key, note: entry.note ?? group.title }];
    }),
  };
  const others = (groups: readonly PaletteGroup[]) =>
    groups.map((group) => ({
      ...group,
      entries: group.entries.filter((entry) => !taken.includes(keyOfEntry(group, entry))),
    }));
  const some = others(places).map((group) => ({
    ...group,
    entries: group.entries.slice(0, UNASKED_PLACES),
  }));
  return [last, ...others(commands.views), ...some, ...others(commands.actions)].filter(
    ({ entries }) => entries.length > 0,
  );
}

function bestOf(ranked: readonly Ranked<unknown>[]): number {
  return ranked[0]?.score ?? 0;
}

const HEX_ID = /(?:^|[^0-9a-f])([0-9a-f]{32})(?:[^0-9a-f]|$)/i;
/** Jaeger's and Zipkin's may have 16 digits, of which zeros in front are not written. */
const SHORT_ID = /^\s*([0-9a-f]{15,31})\s*$/i;

/** The id in what was typed or pasted: alone, in a `traceparent`, or in an address. */
export function findTraceId(text: string): string | undefined {
  return (HEX_ID.exec(text) ?? SHORT_ID.exec(text))?.[1]?.toLowerCase();
}
