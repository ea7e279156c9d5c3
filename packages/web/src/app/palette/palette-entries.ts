import type { Command, CommandSection } from '../../ui/command-table.ts';
import { canRun } from '../../ui/command-table.ts';
import { rankEntries } from './rank-entries.ts';
import type { Named, Ranked } from './rank-entries.ts';

/** A line of the palette: something to do, or somewhere to go. */
export interface PaletteEntry extends Named {
  /** Stands once in its group. */
  readonly id: string;
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
const MAX_OF_GROUP = 12;

/** The commands that do something now, each with its keys. */
export function commandGroups(sections: readonly CommandSection[]): readonly PaletteGroup[] {
  return sections.map(({ title, commands }) => ({
    title,
    entries: commands.filter(canRun).map(toEntry),
  }));
}

function toEntry({ name, keys, run }: Command): PaletteEntry {
  return { id: name, name, keys, run: run ?? (() => undefined) };
}

/** What the text asks for: groups and their entries by how well they fit, or all as they are while there is no text. */
export function choosePaletteGroups({
  commands,
  places,
  text,
}: {
  readonly commands: readonly PaletteGroup[];
  readonly places: readonly PaletteGroup[];
  readonly text: string;
}): readonly PaletteGroup[] {
  const isAsked = text.trim() !== '';
  if (!isAsked) {
    const some = places.map((group) => ({
      ...group,
      entries: group.entries.slice(0, UNASKED_PLACES),
    }));
    return [...commands, ...some].filter(({ entries }) => entries.length > 0);
  }
  return [...commands, ...places]
    .map(({ title, entries }) => ({ title, ranked: rankEntries(entries, text) }))
    .filter(({ ranked }) => ranked.length > 0)
    .sort((a, b) => bestOf(b.ranked) - bestOf(a.ranked))
    .map(({ title, ranked }) => ({
      title,
      entries: ranked.slice(0, MAX_OF_GROUP).map(({ entry }) => entry),
    }));
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
