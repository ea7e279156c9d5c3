import { SDK_VERSION } from '../version.ts';
import type { HeaderSource } from './exporter-options.ts';

/**
 * What the application wants sent along, names in lower case, and who sends it. Rejects as a function of the application
 * does.
 */
export async function computeHeaders(source: HeaderSource): Promise<Record<string, string>> {
  const given = typeof source === 'function' ? await source() : source;
  const headers: Record<string, string> = { 'user-agent': `clew-sdk/${SDK_VERSION}` };
  for (const [name, value] of Object.entries(given)) headers[name.toLowerCase()] = value;
  return headers;
}
