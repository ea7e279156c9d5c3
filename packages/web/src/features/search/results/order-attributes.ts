import type { AttributeJson } from '@clew/api';

/**
 * What tells spans of one name apart, most telling first, in the names of OpenTelemetry's semantic conventions; older names, which
 * many libraries still send, stand behind the newer ones.
 */
const TELLING_KEYS: readonly string[] = [
  'db.query.text',
  'db.statement',
  'url.full',
  'http.url',
  'url.path',
  'http.target',
  'http.route',
  'messaging.destination.name',
  'messaging.destination',
  'rpc.method',
  'exception.message',
];

const RANKS: ReadonlyMap<string, number> = new Map(TELLING_KEYS.map((key, rank) => [key, rank]));

/** The first `count` attributes to show of a span: those that tell it from its like, then the others as they were sent. */
export function orderAttributes(
  attributes: readonly AttributeJson[],
  count: number,
): readonly AttributeJson[] {
  const rankOf = ({ key }: AttributeJson) => RANKS.get(key) ?? TELLING_KEYS.length;
  return attributes.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, count);
}
