const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What XML 1.0 has no place for, not even escaped (section 2.2): most control characters, halves of pairs, U+FFFE and U+FFFF. */
// oxlint-disable-next-line no-control-regex -- Control characters are what it is about.
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu;

/** Text as it may stand in an element or an attribute. */
export function escapeXml(text: string): string {
  return replaceForbidden(text).replace(/[&<>"']/g, (one) => ESCAPES[one] ?? one);
}

/** What XML cannot say becomes U+FFFD. */
export function replaceForbidden(text: string): string {
  return text.replace(FORBIDDEN, '\uFFFD');
}
