/** Which attributes spans have, by whose they are. */
import { shorten, unreachable } from '@clew/model';
import type { Attribute, Span } from '@clew/model';
import { decodeTempoTagsRequest } from '@clew/protocol';
import type { TempoTagScope } from '@clew/protocol';
import type { SearchQuery } from '@clew/traceql';
import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import { readFilterQuery } from './filter-query.ts';
import { givenCount, givenText, givenTimeRange, refuse, toTimeRange } from './parameters.ts';
import type { TimeRange } from './parameters.ts';
import { ANYTHING, sampleSpans } from './sample-spans.ts';

const ATTRIBUTE_SCOPES = ['resource', 'span', 'event', 'link', 'instrumentation'] as const;
type AttributeScope = (typeof ATTRIBUTE_SCOPES)[number];
type Scope = AttributeScope | 'intrinsic';

export interface TagNamesRequest {
  /** All when absent. */
  readonly scope: Scope | undefined;
  readonly filter: SearchQuery | undefined;
  readonly time: TimeRange;
  /** Of each scope. */
  readonly limit: number;
}

/** As Tempo lists them: the fields that are no attributes. */
const INTRINSIC_TAGS: readonly string[] = [
  'duration',
  'event:name',
  'event:timeSinceStart',
  'instrumentation:name',
  'instrumentation:version',
  'kind',
  'name',
  'rootName',
  'rootServiceName',
  'span:duration',
  'span:kind',
  'span:name',
  'span:status',
  'span:statusMessage',
  'status',
  'statusMessage',
  'trace:duration',
  'trace:rootName',
  'trace:rootService',
  'traceDuration',
];

/** Reads the parameters of a question for tags. Throws `InvalidQueryError`. */
export function tagNamesOfParameters(parameters: URLSearchParams): TagNamesRequest {
  return {
    scope: toScope(givenText(parameters, 'scope')),
    filter: readFilterQuery(givenText(parameters, 'q')),
    time: givenTimeRange(parameters),
    limit: givenCount(parameters, 'limit') || Number.POSITIVE_INFINITY,
  };
}

/** Reads a `SearchTagsRequest` in protobuf. Throws `InvalidQueryError` and `DecodeError`. */
export function tagNamesOfMessage(bytes: Uint8Array): TagNamesRequest {
  const asked = decodeTempoTagsRequest(bytes);
  return {
    scope: toScope(asked.scope || undefined),
    filter: readFilterQuery(asked.query || undefined),
    time: toTimeRange(asked.start, asked.end),
    limit: asked.maxTagsPerScope || Number.POSITIVE_INFINITY,
  };
}

function toScope(text: string | undefined): Scope | undefined {
  if (text === undefined || text === 'none') return undefined;
  if (text === 'intrinsic') return text;
  const scope = ATTRIBUTE_SCOPES.find((each) => each === text);
  if (scope === undefined) throw refuse('scope', `invalid scope: ${shorten(text)}`);
  return scope;
}

/** Scopes that have any, their tags sorted. */
export async function listTagScopes(
  queries: TraceQueries,
  request: TagNamesRequest,
  options: QueryOptions,
): Promise<readonly TempoTagScope[]> {
  const { scope, limit } = request;
  const scopes: TempoTagScope[] = [];
  if (scope !== 'intrinsic') {
    const wanted = scope === undefined ? ATTRIBUTE_SCOPES : [scope];
    const names = await readNames(queries, { request, wanted }, options);
    for (const name of wanted) scopes.push({ name, tags: [...(names.get(name) ?? [])].sort() });
  }
  if (scope === undefined || scope === 'intrinsic') {
    scopes.push({ name: 'intrinsic', tags: INTRINSIC_TAGS });
  }
  return scopes
    .filter(({ tags }) => tags.length > 0)
    .map(({ name, tags }) => ({ name, tags: tags.slice(0, limit) }));
}

/** The names of attributes of all scopes, each once. */
export async function listTagNames(
  queries: TraceQueries,
  request: TagNamesRequest,
  options: QueryOptions,
): Promise<readonly string[]> {
  const scopes = await listTagScopes(queries, request, options);
  const asked = scopes.filter(({ name }) => name !== 'intrinsic' || request.scope === name);
  return [...new Set(asked.flatMap(({ tags }) => tags))].sort().slice(0, request.limit);
}

type NamesByScope = ReadonlyMap<AttributeScope, Set<string>>;

interface WantedNames {
  readonly request: TagNamesRequest;
  readonly wanted: readonly AttributeScope[];
}

/** Of spans and resources the store knows all names; others, and those of spans that are narrowed down, are read off a sample. */
async function readNames(
  queries: TraceQueries,
  { request: { filter, time }, wanted }: WantedNames,
  options: QueryOptions,
): Promise<NamesByScope> {
  const isKnown = (scope: AttributeScope): boolean =>
    filter === undefined && (scope === 'resource' || scope === 'span');
  const names = new Map(wanted.map((scope) => [scope, new Set<string>()]));
  if (wanted.some(isKnown)) {
    for (const { owner, key } of await queries.listAttributeKeys(options)) {
      names.get(owner)?.add(key);
    }
    // Every span has one, whatever its sender said.
    if (filter === undefined) names.get('resource')?.add('service.name');
  }
  const sampled = wanted.filter((scope) => !isKnown(scope));
  if (sampled.length === 0) return names;
  const asked = { search: filter ?? ANYTHING, time };
  for (const span of await sampleSpans(queries, asked, options)) {
    for (const scope of sampled) {
      for (const { key } of attributesOf(span, scope)) names.get(scope)?.add(key);
    }
  }
  return names;
}

function attributesOf(span: Span, scope: AttributeScope): readonly Attribute[] {
  switch (scope) {
    case 'resource':
      return span.resource.attributes;
    case 'span':
      return span.attributes;
    case 'event':
      return span.events.flatMap(({ attributes }) => attributes);
    case 'link':
      return span.links.flatMap(({ attributes }) => attributes);
    case 'instrumentation':
      return span.scope.attributes;
    default:
      return unreachable(scope);
  }
}
