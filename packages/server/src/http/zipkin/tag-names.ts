/**
 * What tags there are. Zipkin's server lists those that its administrator named, none by default; Clew knows all that came.
 */
import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';

const MAX_VALUES = 1000;

/** Attributes that Zipkin's spans have fields for. */
const FIELDS: ReadonlySet<string> = new Set([
  'service.name',
  'peer.service',
  'net.host.ip',
  'net.host.port',
  'net.peer.ip',
  'net.peer.port',
  'zipkin.debug',
  'zipkin.shared',
]);

/** The keys of attributes that tags are made of, sorted. */
export async function listTagKeys(
  queries: TraceQueries,
  options: QueryOptions,
): Promise<readonly string[]> {
  const keys = await queries.listAttributeKeys(options);
  const tags = keys.filter(({ key, types }) => {
    return !FIELDS.has(key) && types.some((type) => type !== 'complex');
  });
  return [...new Set(tags.map(({ key }) => key))].sort();
}

/** Sorted, at most `MAX_VALUES`; a number and the text of it are one. */
export async function listTagValues(
  queries: TraceQueries,
  key: string,
  options: QueryOptions,
): Promise<readonly string[]> {
  const request = { key, prefix: '', limit: MAX_VALUES };
  const values = await queries.listAttributeValues(request, options);
  const texts = values.filter(({ type }) => type !== 'complex').map(({ value }) => value);
  return [...new Set(texts)].sort();
}
