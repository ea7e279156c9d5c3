import type { ReactNode } from 'react';
import './icon.css';

/** Outlines on a 16 px grid, drawn with a 1.5 px line in the colour of the text around. */
const PATHS = {
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.6 10.6 14 14',
  code: 'm5 4.5-3.5 3.5L5 11.5M11 4.5 14.5 8 11 11.5M9 3 7 13',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  moon: 'M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7Z',
  system: 'M2 3h12v8H2zM6 14h4M8 11v3',
  close: 'm4 4 8 8M12 4l-8 8',
  check: 'm3 8.5 3.5 3.5L13 4.5',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  chevronUp: 'm4 10 4-4 4 4',
  chevronDown: 'm4 6 4 4 4-4',
  chevronRight: 'm6 4 4 4-4 4',
  arrowRight: 'M2.5 8h11M9.5 4l4 4-4 4',
  table: 'M2 3h12v10H2zM2 6.5h12M2 9.7h12M6.5 3v10',
  zoomOut: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.6 10.6 14 14M4.8 7h4.4',
  fit: 'M2 3v10M14 3v10M4.5 8h7M6.5 6l-2 2 2 2M9.5 6l2 2-2 2',
  arrowDown: 'M8 3v10M4 9l4 4 4-4',
  arrowUp: 'M8 13V3M4 7l4-4 4 4',
  download: 'M8 2v8.5M4.5 7 8 10.5 11.5 7M2.5 13.5h11',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3v10l8-5z',
  history: 'M2.5 8A5.5 5.5 0 1 0 4.3 3.9L2.5 5.5M2.5 2v3.5H6M8 5v3.2l2 1.3',
  folder: 'M1.5 13V3.5h4l1.5 2h7.5V13z',
  refresh: 'M13.5 8A5.5 5.5 0 1 1 11.7 3.9L13.5 5.5M13.5 2v3.5H10',
  error: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM8 4.5V9M8 11v.5',
  warning: 'M8 2 1.5 13.5h13ZM8 6.5v3.5M8 11.5v.5',
  info: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM8 7.2v4M8 4.6v.5',
  finding: 'M5.5 12.5h5M6.5 14.5h3M8 1.5a4.5 4.5 0 0 0-2.3 8.4v.6h4.6v-.6A4.5 4.5 0 0 0 8 1.5Z',
  exclude: 'M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12ZM3.8 3.8l8.4 8.4',
  group: 'M2 3h5v4H2zM2 9h5v4H2zM9.5 4h4.5M9.5 6h3M9.5 10h4.5M9.5 12h3',
  swap: 'M2.5 5.5h10M10 3l2.5 2.5L10 8M13.5 10.5h-10M6 8l-2.5 2.5L6 13',
  compare: 'M8 1.5v13M2 4.5h3.5M2 8h3.5M2 11.5h3.5M10.5 4.5H12M10.5 8H14M10.5 11.5h1.5',
  command: 'M2 3h12v10H2zM4.5 6l2 2-2 2M8.5 10.5h3',
  keyboard: 'M1.5 4h13v8h-13zM4 6.5h.5M6.5 6.5H7M9 6.5h.5M11.5 6.5h.5M5 9.5h6',
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside a word or inside a named button; it says nothing to a screen reader. */
export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
