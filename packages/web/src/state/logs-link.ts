/**
 * Where the logs of a span are, as a reader has written it down: a URL with `${traceId}`, `${spanId}`, `${service}`, `${startMs}` and
 * `${endMs}` in it. Kept in this browser.
 */
import type { ValueStorage } from './stored-value.ts';

const KEY = 'clew.logs-link';

/** What a template may name. */
export const LOGS_LINK_NAMES = ['traceId', 'spanId', 'service', 'startMs', 'endMs'] as const;

/** Texts to put in the place of the names. Times are milliseconds since 1970. */
export type LogsLinkValues = Readonly<Record<(typeof LOGS_LINK_NAMES)[number], string>>;

export function readLogsLink(storage: ValueStorage): string {
  try {
    return storage.getItem(KEY) ?? '';
  } catch {
    return ''; // Storage is forbidden.
  }
}

export function writeLogsLink(storage: ValueStorage, template: string): void {
  try {
    storage.setItem(KEY, template);
  } catch {
    // Storage is full or forbidden: the link holds until the page is closed.
  }
}

/** The address for one span; undefined for a template that makes no address of the web. */
export function formatLogsLink(template: string, values: LogsLinkValues): string | undefined {
  const text = template.replace(/\$\{(\w+)\}/g, (all, name: string) => {
    const known = LOGS_LINK_NAMES.find((one) => one === name);
    return known === undefined ? all : encodeURIComponent(values[known]);
  });
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : undefined;
}
