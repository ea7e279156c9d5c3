import type { TextMapGetter } from '@opentelemetry/api';

/** The header's text; `undefined` when it is missing, or there several times, because then its values contradict each other. */
export function singleHeader(
  carrier: unknown,
  getter: TextMapGetter,
  name: string,
): string | undefined {
  const header = getter.get(carrier, name);
  const text = Array.isArray(header) && header.length === 1 ? header[0] : header;
  return typeof text === 'string' ? text.trim() : undefined;
}
