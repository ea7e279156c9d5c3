import { createContext, useContext } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.ts';
import { Icon } from './icon.tsx';
import './embed.css';

/** The address of the whole page where this one stands in another: nothing is around it, and one link leads away from it. */
export const EmbedContext = createContext<string | undefined>(undefined);

export function useIsEmbedded(): boolean {
  return useContext(EmbedContext) !== undefined;
}

/** What an embedded page says of itself, and the link to the whole one. */
export function EmbedFoot({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <footer className="embed-foot">
      <p>{children}</p>
      <a href={useContext(EmbedContext)} target="_blank" rel="noopener">
        {messages.embedded.open}
        <Icon name="arrowRight" />
      </a>
    </footer>
  );
}

/** Whether the page is in a frame, whose wheel belongs to the page around it. */
export function isFramed(): boolean {
  return window.parent !== window;
}

/** A page in a frame takes the keys when somebody goes there, and not from who reads around it. */
export function mayTakeFocus(): boolean {
  return !isFramed() || document.hasFocus();
}
