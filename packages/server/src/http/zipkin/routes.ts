/**
 * Zipkin's API for those who ask (https://zipkin.io/zipkin-api/), version 2, and what its UI asks its server beside. Errors are
 * texts, as Zipkin's are.
 */
import { NotFoundError } from '@clew/model';
import type { Clock, Span } from '@clew/model';
import { formatZipkinTraceId } from '@clew/protocol';
import { Hono } from 'hono';
import type { Context } from 'hono';
import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import type { Logger } from '../../telemetry/log.ts';
import { toErrorAnswer } from '../error-response.ts';
import { jsonResponse } from '../json-response.ts';
import { piecewiseResponse } from '../piecewise-response.ts';
import { readDependencies } from './dependencies.ts';
import { findServices, listSpanNames } from './find-names.ts';
import { findTraces } from './find-traces.ts';
import { listRemoteServices } from './remote-services.ts';
import { parseTimes, parseWhole, parseZipkinSearch, refuse } from './search-parameters.ts';
import type { ZipkinSearch } from './search-parameters.ts';
import { listTagKeys, listTagValues } from './tag-names.ts';
import { parseTraceIds, requireZipkinTraceId } from './trace-ids.ts';
import { spanListPieces, traceListPieces } from './trace-json.ts';

export interface ZipkinRoutesOptions {
  readonly queries: TraceQueries;
  readonly clock: Clock;
  readonly log: Logger;
  readonly version: string;
}

const CONTENT_TYPE = 'application/json';

/** What Zipkin's UI is to do: as its server says it by default. */
const UI_CONFIG = {
  environment: '',
  queryLimit: 10,
  defaultLookback: 900_000,
  searchEnabled: true,
  dependency: { enabled: true, lowErrorRate: 0.5, highErrorRate: 0.75 },
} as const;

/** On Zipkin's port, where its UI's server passes on what it is asked below `/zipkin`. */
export function createZipkinApp(options: ZipkinRoutesOptions): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    context.res.headers.set('x-content-type-options', 'nosniff');
  });
  app.route('/', createZipkinRoutes(options));
  app.route('/zipkin', createZipkinRoutes(options));
  app.notFound((context) => answerUnknown(context));
  return app;
}

/** To be mounted where Zipkin's own base path is. */
export function createZipkinRoutes(options: ZipkinRoutesOptions): Hono {
  const app = new Hono();
  app.onError((error) => answerError(error, options.log));
  addNames(app, options);
  addTraces(app, options);
  app.get('/api/v2/dependencies', async (context) => {
    const parameters = parametersOf(context);
    const endTs = parseWhole(parameters, 'endTs');
    if (endTs === undefined) throw refuse('endTs', 'endTs parameter is required');
    const times = parseTimes(parameters, endTs);
    return answer(context, await readDependencies(options.queries, times, optionsOf(context)));
  });
  app.get('/config.json', (context) => answer(context, UI_CONFIG));
  app.get('/health', (context) => answer(context, UP));
  app.get('/info', (context) => answer(context, { zipkin: { version: options.version } }));
  app.all('/api/*', answerUnknown);
  return app;
}

const UP = {
  status: 'UP',
  zipkin: { status: 'UP', details: { Clew: { status: 'UP' } } },
} as const;

function addNames(app: Hono, { queries, clock }: ZipkinRoutesOptions): void {
  app.get('/api/v2/services', async (context) =>
    answer(context, await queries.listServices(optionsOf(context))),
  );
  app.get('/api/v2/spans', async (context) => {
    const options = optionsOf(context);
    const services = await findServices(queries, required(context, 'serviceName'), options);
    return answer(context, await listSpanNames(queries, services, options));
  });
  app.get('/api/v2/remoteServices', async (context) => {
    const options = optionsOf(context);
    const services = await findServices(queries, required(context, 'serviceName'), options);
    if (services.length === 0) return answer(context, []);
    const times = parseTimes(new URLSearchParams(), clock.nowMs());
    return answer(context, await listRemoteServices(queries, services, times, options));
  });
  app.get('/api/v2/autocompleteKeys', async (context) =>
    answer(context, await listTagKeys(queries, optionsOf(context))),
  );
  app.get('/api/v2/autocompleteValues', async (context) => {
    const key = required(context, 'key');
    return answer(context, await listTagValues(queries, key, optionsOf(context)));
  });
}

function addTraces(app: Hono, { queries, clock, log }: ZipkinRoutesOptions): void {
  const answerPieces = (context: Context, pieces: AsyncGenerator<string>): Promise<Response> =>
    piecewiseResponse(context, pieces, { contentType: CONTENT_TYPE, log });
  app.get('/api/v2/traces', (context) => {
    const search = parseZipkinSearch(parametersOf(context), clock.nowMs());
    const spans = streamSearch(queries, search, optionsOf(context));
    return answerPieces(context, traceListPieces(spans));
  });
  app.get('/api/v2/trace/:traceId', (context) => {
    const traceId = requireZipkinTraceId(context.req.param('traceId').trim());
    const spans = queries.streamTrace(traceId, optionsOf(context));
    return answerPieces(context, spanListPieces(spans));
  });
  app.get('/api/v2/traceMany', (context) => {
    const traceIds = parseTraceIds(required(context, 'traceIds'));
    const spans = queries.streamTraces(traceIds, optionsOf(context));
    return answerPieces(context, traceListPieces(spans));
  });
}

async function* streamSearch(
  queries: TraceQueries,
  search: ZipkinSearch,
  options: QueryOptions,
): AsyncGenerator<readonly Span[]> {
  for await (const summaries of findTraces(queries, search, options)) {
    const traceIds = summaries.map(({ traceId }) => traceId);
    yield* queries.streamTraces(traceIds, { ...options, summaries });
  }
}

function parametersOf(context: Context): URLSearchParams {
  return new URL(context.req.url).searchParams;
}

/** Throws `InvalidQueryError`; an empty one is there. */
function required(context: Context, name: string): string {
  const value = parametersOf(context).get(name);
  if (value !== null) return value;
  throw refuse(name, `${name} parameter is required`);
}

function optionsOf(context: Context): QueryOptions {
  return { signal: context.req.raw.signal };
}

function answer(context: Context, value: unknown): Promise<Response> {
  const acceptEncoding = context.req.header('accept-encoding');
  return jsonResponse(value, { contentType: CONTENT_TYPE, acceptEncoding });
}

function answerError(error: unknown, log: Logger): Response {
  const { status, body } = toErrorAnswer(error, log);
  if (error instanceof NotFoundError && error.kind === 'trace') {
    return textResponse(`${formatZipkinTraceId(error.id)} not found`, status);
  }
  return textResponse(body.error.message, status);
}

function answerUnknown(context: Context): Response {
  return textResponse(`no such path: ${context.req.path}`, 404);
}

function textResponse(text: string, status: number): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}
