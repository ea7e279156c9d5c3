import { createContext, useContext } from 'react';

/** Whether the page stands in another one: no frame around it, nothing that leads away from it but one link. */
export const EmbedContext = createContext(false);

export function useIsEmbedded(): boolean {
  return useContext(EmbedContext);
}

/** What an address says of that beside what the page shows. */
export const EMBED_PARAMETERS = ['embed', 'theme'] as const;

/** The address of the same without the frame, in certain colours. */
export function toEmbedAddress(href: string, theme: 'light' | 'dark'): string {
  const url = new URL(href);
  url.searchParams.set('embed', '1');
  url.searchParams.set('theme', theme);
  return url.href;
}

/** The address of the same with all that is around it. */
export function toFullAddress(href: string): string {
  const url = new URL(href);
  for (const name of EMBED_PARAMETERS) url.searchParams.delete(name);
  return url.href;
}

/** The HTML that puts a page into another one. */
export function writeEmbedCode(
  href: string,
  { theme, title }: { readonly theme: 'light' | 'dark'; readonly title: string },
): string {
  const source = escapeAttribute(toEmbedAddress(href, theme));
  const style = 'width:100%;height:480px;border:0';
  return `<iframe src="${source}" title="${escapeAttribute(title)}" style="${style}" loading="lazy"></iframe>`;
}

function escapeAttribute(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
