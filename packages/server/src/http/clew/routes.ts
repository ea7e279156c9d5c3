import {
  API_ROOT,
  countTraces,
  deleteTrace,
  diffTraces,
  findMatches,
  listAttributeKeys,
  listAttributeValues,
  listOperations,
  listServices,
  listTraceAttributes,
  readHistogram,
  readMetrics,
  readMetricsRange,
  readSpan,
  readTrace,
  readTraceAttribute,
  readTraces,
  searchSpans,
  searchTraces,
  tailSpans,
} from '@clew/api';
import type { Route } from '@clew/api';
import { collectAttributeValues, collectAttributes, unixNanoFromMs } from '@clew/model';
import type { Clock } from '@clew/model';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { withCounts } from '../../query/count-values.ts';
import type { CountedValue } from '../../query/count-values.ts';
import { cellsOf, histogramOf } from '../../query/histogram.ts';
import { toInstantRange, toMetricsRange } from '../../query/metrics-range.ts';
import { findAnswers, findText } from '../../query/find-in-trace.ts';
import { readMetricsQuery, readSearch } from '../../query/read-search.ts';
import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import type { Logger } from '../../telemetry/log.ts';
import { jsonResponse } from '../json-response.ts';
import { diffToJson } from './diff-json.ts';
import { cellToJson, instantToJson, rangeToJson } from './metrics-json.ts';
import { describeApi } from './openapi.ts';
import { parseParameters } from './parse-parameters.ts';
import { readSpanId, readTraceId, toPattern } from './route-path.ts';
import { conditionsFromQuery, searchOfConditions } from './search-json.ts';
import { mountSearches } from './search-routes.ts';
import { createTailRoute } from './tail-route.ts';
import type { TailRouteOptions } from './tail-route.ts';
import { attributeValueToJson, traceToJson } from '@clew/api';
import { boundsOf } from '@clew/traceql';
import { mountTrace, mountTraces } from './trace-routes.ts';

export interface ClewRoutesOptions extends TailRouteOptions {
  readonly queries: TraceQueries;
  readonly clock: Clock;
  readonly log: Logger;
  readonly version: string;
  readonly basePath: string;
}

/** Clew's own API under `/api/clew`, made from the contract in the `api` package. */
export function createClewRoutes(options: ClewRoutesOptions): Hono {
  const { queries, clock, version, basePath } = options;
  const app = new Hono();
  mount(app, listServices, async (_, options) => ({
    services: await queries.listServices(options),
  }));
  mount(app, listOperations, async ({ path }, options) => ({
    operations: await queries.listOperations(path.service, options),
  }));
  mountAttributeKeys(app, queries, clock);
  mountAttributeValues(app, queries, clock);
  mountSearches(app, options);
  mount(app, countTraces, ({ query }, options) =>
    queries.countTraces(conditionsFromQuery(query), options),
  );
  app.route('/', createTailRoute(options));
  mountMetrics(app, queries, clock);
  // Before the routes of one trace, which would take `diff` for its id.
  mount(app, diffTraces, async ({ query }, options) => {
    const base = readTraceId(query.base, 'base');
    const other = readTraceId(query.other, 'other');
    return diffToJson(
      await queries.readTrace(base, options),
      await queries.readTrace(other, options),
    );
  });
  mountTraces(app, options);
  mountTrace(app, options);
  mount(app, findMatches, async ({ path, query: { text, q } }, options) => {
    const traceId = readTraceId(path.traceId);
    const spanIds =
      q === undefined
        ? await findText(queries, traceId, text ?? '', options)
        : await findAnswers(queries, traceId, readSearch(q), options);
    return { spanIds };
  });
  mountTraceAttributes(app, queries);
  mount(app, readSpan, async ({ path: { traceId, spanId } }, options) =>
    traceToJson(await queries.readSpan(readTraceId(traceId), readSpanId(spanId), options)),
  );
  mount(app, deleteTrace, async ({ path }, options) => {
    await queries.deleteTrace(readTraceId(path.traceId), options);
    return undefined;
  });
  const routes = [
    listServices,
    listOperations,
    listAttributeKeys,
    listAttributeValues,
    searchTraces,
    countTraces,
    searchSpans,
    tailSpans,
    readHistogram,
    readMetrics,
    readMetricsRange,
    readTraces,
    readTrace,
    listTraceAttributes,
    readTraceAttribute,
    readSpan,
    findMatches,
    diffTraces,
    deleteTrace,
  ];
  const document = describeApi(routes, { version, serverUrl: `${basePath}${API_ROOT}` });
  app.get('/openapi.json', (context) => answer(context, document));
  return app;
}

function mountTraceAttributes(app: Hono, queries: TraceQueries): void {
  mount(app, listTraceAttributes, async ({ path }, options) => {
    const spans = queries.streamTrace(readTraceId(path.traceId), options);
    const { spanCount, attributes } = await collectAttributes(spans);
    return {
      spanCount,
      attributes: attributes.map(({ owner, ...rest }) => ({ scope: owner, ...rest })),
    };
  });
  mount(app, readTraceAttribute, async ({ path, query: { scope, key } }, options) => {
    const spans = queries.streamTrace(readTraceId(path.traceId), options);
    const attribute = { owner: scope, key };
    const { values, valueIndexes } = await collectAttributeValues(spans, attribute);
    return { values: values.map(attributeValueToJson), valueIndexes };
  });
}

function mountAttributeKeys(app: Hono, queries: TraceQueries, clock: Clock): void {
  mount(app, listAttributeKeys, async ({ query: { counts, start, end } }, options) => {
    const known = await queries.listAttributeKeys(options);
    const asked = { startUnixNano: start, endUnixNano: end };
    const range = boundsOf(toInstantRange(asked, unixNanoFromMs(clock.nowMs())));
    const counted = counts ? await queries.countAttributeKeys(range, options) : [];
    const countOf = new Map(counted.map((each) => [`${each.owner} ${each.key}`, each.spanCount]));
    return {
      attributes: known.map(({ owner, key, types }) => ({
        scope: owner,
        key,
        types,
        ...(counts && { spanCount: countOf.get(`${owner} ${key}`) ?? 0 }),
      })),
    };
  });
}

function mountAttributeValues(app: Hono, queries: TraceQueries, clock: Clock): void {
  mount(app, listAttributeValues, async ({ query }, options) => {
    const { scope: owner, key, prefix, limit, counts, start, end } = query;
    const known = await queries.listAttributeValues({ key, owner, prefix, limit }, options);
    if (!counts) return { values: known };
    const asked = { startUnixNano: start, endUnixNano: end };
    const range = toInstantRange(asked, unixNanoFromMs(clock.nowMs()));
    const counted = await queries.countAttributeValues({ key, owner }, range, options);
    if (counted === undefined) return { values: known };
    const isWanted = ({ value }: CountedValue): boolean => value.startsWith(prefix);
    return { values: withCounts(known, counted.filter(isWanted)).slice(0, limit) };
  });
}

function mountMetrics(app: Hono, queries: TraceQueries, clock: Clock): void {
  mount(app, readHistogram, async ({ query }, options) => {
    const { start, end, step } = query;
    const metrics = histogramOf(searchOfConditions(query));
    const asked = { startUnixNano: start, endUnixNano: end, stepNano: step };
    const range = toMetricsRange(asked, unixNanoFromMs(clock.nowMs()));
    const cells = cellsOf(await queries.readMetrics({ metrics, range }, options));
    return {
      startUnixNano: range.startUnixNano.toString(),
      stepNano: range.stepNano.toString(),
      cells: cells.map(cellToJson),
    };
  });
  mount(app, readMetricsRange, async ({ query: { q, start, end, step } }, options) => {
    const metrics = readMetricsQuery(q);
    const asked = { startUnixNano: start, endUnixNano: end, stepNano: step };
    const range = toMetricsRange(asked, unixNanoFromMs(clock.nowMs()));
    return rangeToJson(await queries.readMetrics({ metrics, range }, options), range);
  });
  mount(app, readMetrics, async ({ query: { q, start, end } }, options) => {
    const metrics = readMetricsQuery(q);
    const asked = { startUnixNano: start, endUnixNano: end };
    const range = toInstantRange(asked, unixNanoFromMs(clock.nowMs()));
    return instantToJson(await queries.readMetrics({ metrics, range }, options));
  });
}

interface Parameters<Path, Query> {
  readonly path: Path;
  readonly query: Query;
}

function mount<Path, Query, Response>(
  app: Hono,
  route: Route<Path, Query, Response>,
  handle: (parameters: Parameters<Path, Query>, options: QueryOptions) => Promise<Response>,
): void {
  app.on((route.method ?? 'get').toUpperCase(), toPattern(route.path), async (context) => {
    const given = Object.entries(context.req.param()).map(([name, value]) => [name, [value]]);
    const path = parseParameters(route.pathParameters, Object.fromEntries(given));
    const query = parseParameters(route.query, context.req.queries());
    const value = await handle({ path, query }, { signal: context.req.raw.signal });
    return value === undefined ? context.body(null, 204) : answer(context, value);
  });
}

function answer(context: Context, value: unknown): Promise<Response> {
  return jsonResponse(value, { acceptEncoding: context.req.header('accept-encoding') });
}
