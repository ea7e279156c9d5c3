import { createContext, useContext } from 'react';
import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useIsEmbedded } from './embed.tsx';

/** Where the shell keeps the place for what a page says of itself; `null` until the shell has mounted. */
export const TopLineSlot = createContext<HTMLElement | null>(null);

export interface TopLineProps {
  /** Also the title of the browser's tab. */
  readonly title: string;
  readonly children: ReactNode;
}

/** What the page is about, and its time range: shown on the shell's top line. An embedded page has no such line, and says it unseen. */
export function TopLine({ title, children }: TopLineProps): ReactNode {
  const slot = useContext(TopLineSlot);
  const isEmbedded = useIsEmbedded();
  return (
    <>
      <title>{`${title} · Clew`}</title>
      {isEmbedded ? <h1 className="visually-hidden">{title}</h1> : undefined}
      {slot === null ? undefined : createPortal(children, slot)}
    </>
  );
}
