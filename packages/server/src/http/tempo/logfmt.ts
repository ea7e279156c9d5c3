import { shorten } from '@clew/model';
import { refuse } from './parameters.ts';

const PAIR = /\s*([^\s="]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*)))?(?=\s|$)/gy;

/**
 * Reads pairs such as `service.name=cart error="not found"`; a key alone has an empty value. Throws `InvalidQueryError` for anything
 * else, and for a key that comes twice.
 */
export function parseLogfmt(text: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  let end = 0;
  for (const [pair, key = '', quoted, plain = ''] of text.matchAll(PAIR)) {
    if (pairs.has(key))
      throw refuse('tags', `invalid tags: tag ${shorten(key)} has been set twice`);
    pairs.set(key, quoted === undefined ? plain : unquote(quoted));
    end += pair.length;
  }
  if (text.slice(end).trim() === '') return pairs;
  throw refuse('tags', `invalid tags: expected key=value at pos ${end + 1}`);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function unquote(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, code?: string, letter = '') =>
    code === undefined ? (ESCAPES[letter] ?? letter) : String.fromCharCode(parseInt(code, 16)),
  );
}
