/** A list of spans in JSON, as both versions of Zipkin's API send it. */
import { DecodeError, shorten } from '@clew/model';
import { checkSpanCount } from '../otlp/limits.ts';
import type { DecodeLimits } from '../otlp/limits.ts';
import { checkJsonShape } from '../wire/json-shape.ts';
import { MAX_NESTING } from '../wire/reader.ts';

/**
 * Parses `bytes` and gives the elements of the list they are. Bytes that are not UTF-8 become U+FFFD. Throws
 * `DecodeError` when it is not JSON, not a list or nested more than 32 deep, and `LimitError` when the list is too long.
 */
export function parseSpanList(
  bytes: Uint8Array,
  format: string,
  limits: DecodeLimits,
): readonly unknown[] {
  checkJsonShape(bytes, {
    format,
    maxDepth: MAX_NESTING,
    onElement: (count) => checkSpanCount(count, limits),
  });
  const text = new TextDecoder().decode(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    // The engine tells where only sometimes; of a text that is cut short we know it.
    const known = message.includes('end of JSON') ? bytes.length : 0;
    const offset = Number(/position (\d+)/.exec(message)?.[1] ?? known);
    throw new DecodeError(shorten(message), { format, offset, cause });
  }
  if (!Array.isArray(value))
    throw new DecodeError('expected a list of spans', { format, offset: 0 });
  return value as readonly unknown[];
}
