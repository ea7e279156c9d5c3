/** How the texts of options become values; `undefined` is what cannot be used. */

/** A port to listen on; 0 lets the system choose a free one, `off` does not listen. */
export type PortSetting = number | 'off';

export const HOST_NAME: RegExp =
  /^[a-z0-9]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]*[a-z0-9])?)*$/i;
const IPV6 = /^[0-9a-f:.]*:[0-9a-f:.]*(%\w+)?$/i;

export function parseHost(text: string): string | undefined {
  const host = text.replace(/^\[(.*)\]$/, '$1');
  return HOST_NAME.test(host) || IPV6.test(host) ? host : undefined;
}

export function parsePort(text: string): PortSetting | undefined {
  if (text === 'off') return 'off';
  if (!/^\d{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port <= 65535 ? port : undefined;
}

const DURATION_UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/** Milliseconds, within the bounds. */
export function parseDuration(
  text: string,
  { minMs, maxMs }: { readonly minMs: number; readonly maxMs: number },
): number | undefined {
  const match = /^(\d{1,6}(?:\.\d{1,6})?)\s*(ms|[smhdw])$/.exec(text);
  const unitMs = DURATION_UNITS_MS[match?.[2] ?? ''] ?? 0;
  const milliseconds = Math.round(Number(match?.[1]) * unitMs);
  return milliseconds >= minMs && milliseconds <= maxMs ? milliseconds : undefined;
}

const SIZE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  kib: 1024,
  mb: 1e6,
  mib: 1024 ** 2,
  gb: 1e9,
  gib: 1024 ** 3,
  tb: 1e12,
  tib: 1024 ** 4,
};

/** Bytes, within the bounds. */
export function parseSize(
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,3})?)\s*([a-z]*)$/i.exec(text);
  const unit = SIZE_UNITS[match?.[2]?.toLowerCase() ?? ''];
  if (match === null || unit === undefined) return undefined;
  const bytes = Math.round(Number(match[1]) * unit);
  return bytes >= min && bytes <= max ? bytes : undefined;
}

/** A whole number, within the bounds. */
export function parseCount(
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  const count = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
  return count >= min && count <= max ? count : undefined;
}

export function parseBasePath(text: string): string | undefined {
  const path = text.replace(/\/+$/, '');
  return path === '' || /^(\/[\w.~-]+)+$/.test(path) ? path : undefined;
}

const ORIGIN = /^https?:\/\/((\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:(\d{1,5}|\*))?$/;

export function parseOrigins(text: string): readonly string[] | undefined {
  if (text === 'off') return [];
  const origins = parseList(text, (origin) =>
    origin === '*' || ORIGIN.test(origin) ? origin : undefined,
  );
  return origins?.length === 0 ? undefined : origins;
}

export function parseList(
  text: string,
  parseItem: (item: string) => string | undefined,
): readonly string[] | undefined {
  const items = text
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== '');
  const parsed = items.map(parseItem).filter((item) => item !== undefined);
  return parsed.length === items.length ? parsed : undefined;
}
