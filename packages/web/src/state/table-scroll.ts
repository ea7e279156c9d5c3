/**
 * How far the tables of the trace page and its flame graph are scrolled, in pixels of their rows; the timeline, whose rows are folded and
 * unfolded, has a place of its own. In the address: `scroll=spans.1224,flame.440`.
 */
import type { TracePageName } from './view-options.ts';

/** What scrolls, and the picture it is in. */
const PAGES = {
  flame: 'flame',
  frames: 'flame',
  calls: 'graph',
  statistics: 'statistics',
  spans: 'spans',
  events: 'events',
  json: 'json',
} as const satisfies Readonly<Record<string, TracePageName>>;

export type ScrolledPart = keyof typeof PAGES;
export type TableScroll = Readonly<Partial<Record<ScrolledPart, number>>>;

const PARTS = Object.keys(PAGES) as readonly ScrolledPart[];

/** After a span was selected in a picture, the others have yet to scroll to it, wherever they were. Text has no spans. */
export function keepScrollOf(page: TracePageName, scroll: TableScroll): TableScroll {
  return Object.fromEntries(
    PARTS.filter((part) => PAGES[part] === page || part === 'json').flatMap((part) =>
      scroll[part] === undefined ? [] : [[part, scroll[part]]],
    ),
  );
}

/** A top that is where one begins is not worth saying, unless a selected row would be scrolled to from there. */
export function formatTableScroll(scroll: TableScroll, hasSelection: boolean): string | undefined {
  const told = PARTS.filter(
    (part) => (scroll[part] ?? 0) > 0 || (hasSelection && scroll[part] === 0),
  );
  if (told.length === 0) return undefined;
  return told.map((part) => `${part}.${scroll[part] ?? 0}`).join(',');
}

export function parseTableScroll(text: string): TableScroll {
  return Object.fromEntries(
    text.split(',').flatMap((one) => {
      const [, name, px] = /^([a-z]+)\.(\d{1,9})$/.exec(one) ?? [];
      const part = PARTS.find((known) => known === name);
      return part === undefined ? [] : [[part, Number(px)]];
    }),
  );
}
