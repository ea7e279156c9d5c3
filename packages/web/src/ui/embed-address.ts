/** What an address says of standing in another page, beside what it shows. */
export const EMBED_PARAMETERS = ['embed', 'theme'] as const;

export interface EmbedOptions {
  readonly theme: 'light' | 'dark';
  /** What is in the frame, for those who cannot see it. */
  readonly title: string;
}

/** The address of the same with nothing around it, in certain colours. */
export function toEmbedAddress(href: string, theme: EmbedOptions['theme']): string {
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
export function writeEmbedCode(href: string, { theme, title }: EmbedOptions): string {
  const source = escapeAttribute(toEmbedAddress(href, theme));
  const style = 'width:100%;height:480px;border:0';
  return `<iframe src="${source}" title="${escapeAttribute(title)}" style="${style}" loading="lazy"></iframe>`;
}

/** The colours that an embedded page is asked for. */
export function readEmbedTheme(search: string): EmbedOptions['theme'] | undefined {
  const values = new URLSearchParams(search);
  const theme = values.get('theme');
  if (values.get('embed') !== '1') return undefined;
  return theme === 'light' || theme === 'dark' ? theme : undefined;
}

function escapeAttribute(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
