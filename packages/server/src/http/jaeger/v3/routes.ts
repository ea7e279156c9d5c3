/**
 * Jaeger's HTTP API, version 3: traces come as OTLP in JSON. What its description names and Jaeger does not answer (searches as JSON
 * in the request, dependencies) is answered here.
 */
import { NotFoundError } from '@clew/model';
import { encodeResourceSpansJson } from '@clew/protocol';
import { Hono } from 'hono';
import type { Context } from 'hono';
import type { QueryOptions } from '../../../query/trace-queries.ts';
import type { Logger } from '../../../telemetry/log.ts';
import { toErrorAnswer } from '../../error-response.ts';
import { jsonResponse } from '../../json-response.ts';
import { piecewiseResponse } from '../../piecewise-response.ts';
import { withWarningsAttribute } from '../adjust/warnings-attribute.ts';
import { answerUnknownPath, errorResponse, messageOf } from '../answer.ts';
import { readDependencies } from '../dependencies.ts';
import type { JaegerQueries, ShownTraces } from '../jaeger-queries.ts';
import { readBody } from '../read-body.ts';
import { requireTraceId } from '../trace-id.ts';
import {
  parametersOfJson,
  parseV3Kind,
  parseV3Search,
  parseV3TraceParameters,
  readTimes,
} from './search-parameters.ts';
import { findTraceSummaries, traceSummaryToJson } from './trace-summary.ts';

export interface JaegerV3RoutesOptions {
  readonly jaeger: JaegerQueries;
  readonly log: Logger;
}

/** A search in JSON is some hundred bytes. */
const MAX_BODY_BYTES = 256 * 1024;

/** To be mounted at `/api/v3`. */
export function createJaegerV3Routes(options: JaegerV3RoutesOptions): Hono {
  const { log } = options;
  const app = new Hono();
  app.onError((error) => answerError(error, log));
  addListRoutes(app, options);
  addTraceRoutes(app, options);
  app.all('/*', answerUnknownPath);
  return app;
}

function addListRoutes(app: Hono, { jaeger }: JaegerV3RoutesOptions): void {
  app.get('/services', async (context) => {
    const services = await jaeger.queries.listServices(optionsOf(context));
    return answer(context, { services });
  });
  app.get('/operations', async (context) => {
    const parameters = parametersOf(context);
    const service = parameters.get('service') ?? '';
    const kind = parseV3Kind(parameters);
    const found = await jaeger.listOperations(service, kind, optionsOf(context));
    const operations = found.map(({ name, spanKind }) => ({
      name,
      spanKind: spanKind === '' ? 'internal' : spanKind,
    }));
    return answer(context, { operations });
  });
  app.get('/dependencies', async (context) => {
    const times = readTimes(parametersOf(context), ['startTime', 'endTime']);
    const links = await readDependencies(jaeger.queries, times, optionsOf(context));
    const dependencies = links.map(({ parent, child, callCount }) => ({
      parent,
      child,
      callCount: String(callCount),
    }));
    return answer(context, { dependencies });
  });
}

function addTraceRoutes(app: Hono, { jaeger, log }: JaegerV3RoutesOptions): void {
  app.get('/traces/:traceId', async (context) => {
    const prefix = 'malformed parameter trace_id: ';
    const traceId = requireTraceId(context.req.param('traceId'), prefix);
    const isRaw = parseV3TraceParameters(parametersOf(context));
    const trace = jaeger.readTraces([traceId], { ...optionsOf(context), isRaw });
    return answerTraces(context, trace, log);
  });
  const answerFound = (context: Context, parameters: URLSearchParams): Promise<Response> => {
    const { terms, isRaw } = parseV3Search(parameters);
    const traces = jaeger.findTraces(terms, { ...optionsOf(context), isRaw });
    return answerTraces(context, traces, log);
  };
  const findSummaries = async (
    context: Context,
    parameters: URLSearchParams,
  ): Promise<Response> => {
    const { terms } = parseV3Search(parameters);
    const summaries = await findTraceSummaries(jaeger.queries, terms, optionsOf(context));
    return answer(context, { summaries: summaries.map(traceSummaryToJson) });
  };
  const parametersOfBody = async (context: Context): Promise<URLSearchParams> =>
    parametersOfJson(await readBody(context.req.raw, MAX_BODY_BYTES));
  app.get('/traces', (context) => answerFound(context, parametersOf(context)));
  app.post('/traces', async (context) => answerFound(context, await parametersOfBody(context)));
  app.get('/trace-summaries', (context) => findSummaries(context, parametersOf(context)));
  app.post('/trace-summaries', async (context) =>
    findSummaries(context, await parametersOfBody(context)),
  );
}

async function answerTraces(context: Context, traces: ShownTraces, log: Logger): Promise<Response> {
  const pieces = resultPieces(traces);
  return piecewiseResponse(context, pieces, { contentType: 'application/json', log });
}

/** Throws `NotFoundError` when there are no spans at all. */
async function* resultPieces(traces: ShownTraces): AsyncGenerator<string> {
  let before = '{"result":{"resourceSpans":[';
  let isEmpty = true;
  for await (const { spans } of traces) {
    for (const json of encodeResourceSpansJson(spans.map(withWarningsAttribute))) {
      yield `${before}${json}`;
      before = ',';
      isEmpty = false;
    }
  }
  if (isEmpty) throw new NotFoundError('traces', '');
  yield ']}}\n';
}

function answer(context: Context, value: unknown): Promise<Response> {
  return jsonResponse(value, { acceptEncoding: context.req.header('accept-encoding') });
}

function answerError(error: unknown, log: Logger): Promise<Response> {
  const { status, body } = toErrorAnswer(error, log);
  const isNothing = error instanceof NotFoundError && error.kind === 'traces';
  const message = isNothing ? 'No traces found' : (messageOf(error) ?? body.error.message);
  return errorResponse({ error: { httpCode: status, message } }, status);
}

function optionsOf(context: Context): QueryOptions {
  return { signal: context.req.raw.signal };
}

function parametersOf(context: Context): URLSearchParams {
  return new URL(context.req.url).searchParams;
}
