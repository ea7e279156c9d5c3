import { createContext, useContext } from 'react';
import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';

/** The place beside the tabs for the controls of the picture that is shown; `null` until it is there. */
export const ViewToolsSlot = createContext<HTMLElement | null>(null);

/** The controls of a picture. */
export function ViewTools({ children }: { readonly children: ReactNode }): ReactNode {
  const slot = useContext(ViewToolsSlot);
  return slot === null ? undefined : createPortal(children, slot);
}
