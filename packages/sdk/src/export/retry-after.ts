/** How long `Retry-After` asks to wait, in milliseconds: it is a number of seconds or a date. `undefined` when it is neither. */
export function parseRetryAfter(header: string | undefined): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const afterMs = Date.parse(text) - Date.now();
  return afterMs >= 0 ? afterMs : undefined;
}
