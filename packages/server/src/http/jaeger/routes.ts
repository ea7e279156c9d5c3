/**
 * Jaeger's HTTP JSON API, version 1, for Grafana, Kiali and Jaeger's UI. What Jaeger answers with data of its own making
 * (`/api/deep-dependencies`, `/api/quality-metrics`) is left out.
 */
import { unixNanoFromMs } from '@clew/model';
import type { Clock, TraceId } from '@clew/model';
import { Hono } from 'hono';
import type { Context, MiddlewareHandler } from 'hono';
import type { QueryOptions } from '../../query/trace-queries.ts';
import type { Logger } from '../../telemetry/log.ts';
import { piecewiseResponse } from '../piecewise-response.ts';
import { answer, answerError, answerUnknownPath, isPretty } from './answer.ts';
import { readDependencies } from './dependencies.ts';
import { wrapData } from './envelope.ts';
import type { JaegerError } from './envelope.ts';
import type { JaegerQueries, ShownTraces } from './jaeger-queries.ts';
import { createMetricsRoutes } from './metrics/routes.ts';
import {
  parseSearchParameters,
  parseTraceParameters,
  readMillis,
  refuse,
} from './search-parameters.ts';
import { formatJaegerTraceId, requireTraceId } from './trace-id.ts';
import { envelopePieces } from './trace-pieces.ts';
import { createTransformRoute } from './transform-route.ts';

export interface JaegerRoutesOptions {
  readonly jaeger: JaegerQueries;
  readonly clock: Clock;
  readonly log: Logger;
  /** What whoever changes something has to pass. */
  readonly guard: MiddlewareHandler;
}

/** Jaeger's API, to be mounted at `/api`. */
export function createJaegerRoutes(options: JaegerRoutesOptions): Hono {
  const { log } = options;
  const app = new Hono();
  app.onError((error) => answerError(error, log));
  // Before the guard: it is a POST that changes nothing.
  app.post('/transform', createTransformRoute(log));
  app.use(options.guard);
  addListRoutes(app, options);
  addTraceRoutes(app, options);
  addDependencyRoute(app, options);
  app.route('/metrics', createMetricsRoutes({ ...options, queries: options.jaeger.queries }));
  app.all('/*', answerUnknownPath);
  return app;
}

function addListRoutes(app: Hono, { jaeger }: JaegerRoutesOptions): void {
  app.get('/services', async (context) => {
    const services = await jaeger.queries.listServices(optionsOf(context));
    return answer(context, wrapData(services, { total: services.length }));
  });
  app.get('/services/:service/operations', async (context) => {
    const service = context.req.param('service');
    const operations = await jaeger.listOperations(service, '', optionsOf(context));
    const names = [...new Set(operations.map(({ name }) => name))];
    return answer(context, wrapData(names, { total: names.length }));
  });
  app.get('/operations', async (context) => {
    const service = context.req.query('service') ?? '';
    if (service === '') throw refuse('service', "parameter 'service' is required");
    const kind = context.req.query('spanKind') ?? '';
    const operations = await jaeger.listOperations(service, kind, optionsOf(context));
    return answer(context, wrapData(operations, { total: operations.length }));
  });
}

function addTraceRoutes(app: Hono, { jaeger, clock, log }: JaegerRoutesOptions): void {
  app.get('/traces', async (context) => {
    const asked = parseSearchParameters(parametersOf(context), clock.nowMs());
    const options = { ...optionsOf(context), isRaw: asked.isRaw };
    const read =
      asked.kind === 'ids'
        ? jaeger.readTraces(asked.traceIds, options)
        : jaeger.findTraces(asked.terms, options);
    // Of those that a search found, one may have been removed since.
    const wanted = asked.kind === 'ids' ? asked.traceIds : [];
    const traces = new WantedTraces(read, wanted);
    return answerTraces(context, traces.traces(), { errorsAtEnd: () => traces.errors(), log });
  });
  app.get('/traces/:traceId', async (context) => {
    const traceId = requireTraceId(context.req.param('traceId'));
    const isRaw = parseTraceParameters(parametersOf(context));
    const trace = jaeger.readTrace(traceId, { ...optionsOf(context), isRaw });
    return answerTraces(context, trace, { errorsAtEnd: () => [], log });
  });
  app.post('/archive/:traceId', async (context) => {
    const traceId = requireTraceId(context.req.param('traceId'));
    parseTraceParameters(parametersOf(context));
    await jaeger.queries.archiveTrace(traceId, optionsOf(context));
    return answer(context, wrapData([], { errors: [] }));
  });
}

const DEFAULT_DEPENDENCIES_LOOKBACK_MS = 86_400_000;

function addDependencyRoute(app: Hono, { jaeger, clock }: JaegerRoutesOptions): void {
  app.get('/dependencies', async (context) => {
    const parameters = parametersOf(context);
    const endMs = readMillis(parameters, 'endTs') ?? clock.nowMs();
    const lookbackMs = readMillis(parameters, 'lookback') ?? DEFAULT_DEPENDENCIES_LOOKBACK_MS;
    const query = {
      startUnixNano: unixNanoFromMs(endMs - lookbackMs),
      endUnixNano: unixNanoFromMs(endMs),
      service: parameters.get('service') ?? '',
    };
    const links = await readDependencies(jaeger.queries, query, optionsOf(context));
    return answer(context, wrapData(links));
  });
}

function answerTraces(
  context: Context,
  traces: ShownTraces,
  {
    errorsAtEnd,
    log,
  }: { readonly errorsAtEnd: () => readonly JaegerError[]; readonly log: Logger },
): Promise<Response> {
  const pieces = envelopePieces(traces, { isPretty: isPretty(context), errorsAtEnd });
  return piecewiseResponse(context, pieces, { contentType: 'application/json', log });
}

/** Traces that are asked for by their ids, and which of them were not there. */
class WantedTraces {
  readonly #read: ShownTraces;
  readonly #missing: Set<TraceId>;

  constructor(read: ShownTraces, wanted: readonly TraceId[]) {
    this.#read = read;
    this.#missing = new Set(wanted);
  }

  async *traces(): ShownTraces {
    for await (const shown of this.#read) {
      this.#missing.delete(shown.traceId);
      yield shown;
    }
  }

  /** After all traces. */
  errors(): readonly JaegerError[] {
    return [...this.#missing].map((traceId) => ({
      msg: 'trace not found',
      traceID: formatJaegerTraceId(traceId),
    }));
  }
}

function optionsOf(context: Context): QueryOptions {
  return { signal: context.req.raw.signal };
}

function parametersOf(context: Context): URLSearchParams {
  return new URL(context.req.url).searchParams;
}
