import { createContext, useContext } from 'react';
import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';

/** Where the shell keeps the place for what a page says of itself; `null` until the shell has mounted. */
export const TopLineSlot = createContext<HTMLElement | null>(null);

export interface TopLineProps {
  /** Also the title of the browser's tab. */
  readonly title: string;
  readonly children: ReactNode;
}

/** What the page is about, and its time range: shown on the shell's top line. */
export function TopLine({ title, children }: TopLineProps): ReactNode {
  const slot = useContext(TopLineSlot);
  return (
    <>
      <title>{`${title} · Clew`}</title>
      {slot === null ? undefined : createPortal(children, slot)}
    </>
  );
}
