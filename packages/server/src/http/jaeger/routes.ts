/**
 * The part of Jaeger's HTTP JSON API (version 1) that finds and reads traces, for Grafana and for older UIs. Errors are
 * the same envelope as answers, sent as plain text, because that is what its clients have always got.
 */
import { LimitError, NotFoundError } from '@clew/model';
import type { Clock, Trace, TraceId } from '@clew/model';
import { Hono } from 'hono';
import type { Context } from 'hono';
import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import type { Logger } from '../../telemetry/log.ts';
import { toErrorAnswer } from '../error-response.ts';
import { jsonResponse } from '../json-response.ts';
import { wrapData, wrapError } from './envelope.ts';
import type { JaegerError } from './envelope.ts';
import { traceFromModel } from './from-model.ts';
import { parseSearchParameters, requireTraceId } from './search-parameters.ts';
import { formatJaegerTraceId } from './trace-id.ts';

export interface JaegerRoutesOptions {
  readonly queries: TraceQueries;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Traces read at a time for one request: two keep the engine busy, more would only push others aside. */
const PARALLEL_READS = 2;

/** Jaeger's API, to be mounted at `/api`. */
export function createJaegerRoutes({ queries, clock, log }: JaegerRoutesOptions): Hono {
  const app = new Hono();
  app.onError((error, context) => answerError(context, error, log));
  app.get('/services', async (context) => {
    const services = await queries.listServices(optionsOf(context));
    return answer(context, wrapData(services, { total: services.length }));
  });
  app.get('/services/:service/operations', async (context) => {
    const operations = await queries.listOperations(
      context.req.param('service'),
      optionsOf(context),
    );
    const names = [...new Set(operations.map(({ spanName }) => spanName))];
    return answer(context, wrapData(names, { total: names.length }));
  });
  app.get('/traces', async (context) => {
    const asked = parseSearchParameters(new URL(context.req.url).searchParams, clock.nowMs());
    const options = optionsOf(context);
    const traceIds =
      asked.kind === 'ids' ? asked.traceIds : await findTraceIds(queries, asked.search, options);
    const { traces, missing, tooLarge } = await readTraces(queries, traceIds, options);
    // Of those that a search found, one may have been removed since.
    const errors = [...(asked.kind === 'ids' ? missing.map(toMissing) : []), ...tooLarge];
    const given = { errors: errors.length > 0 ? errors : null };
    return answer(context, wrapData(traces.map(traceFromModel), given));
  });
  app.get('/traces/:traceId', async (context) => {
    const traceId = requireTraceId(context.req.param('traceId'));
    const trace = await queries.readTrace(traceId, optionsOf(context));
    return answer(context, wrapData([traceFromModel(trace)]));
  });
  return app;
}

function optionsOf(context: Context): QueryOptions {
  return { signal: context.req.raw.signal };
}

async function findTraceIds(
  queries: TraceQueries,
  search: Parameters<TraceQueries['searchTraces']>[0],
  options: QueryOptions,
): Promise<readonly TraceId[]> {
  const { traces } = await queries.searchTraces(search, options);
  return traces.map(({ traceId }) => traceId);
}

interface ReadTraces {
  readonly traces: Trace[];
  /** Of ids that name no stored span. */
  readonly missing: TraceId[];
  /** Of traces that cannot be put together: the others are still an answer. */
  readonly tooLarge: JaegerError[];
}

async function readTraces(
  queries: TraceQueries,
  traceIds: readonly TraceId[],
  options: QueryOptions,
): Promise<ReadTraces> {
  const read = new Map<TraceId, Trace | LimitError>();
  const waiting = traceIds.values();
  const readNext = async (): Promise<void> => {
    for (const traceId of waiting) {
      const trace = await readIfPossible(queries, traceId, options);
      if (trace !== undefined) read.set(traceId, trace);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_READS }, readNext));
  const found: ReadTraces = { traces: [], missing: [], tooLarge: [] };
  for (const traceId of traceIds) {
    const trace = read.get(traceId);
    if (trace === undefined) found.missing.push(traceId);
    else if (trace instanceof LimitError) found.tooLarge.push(toTooLarge(traceId, trace));
    else found.traces.push(trace);
  }
  return found;
}

/** `undefined` when there is no such trace. */
async function readIfPossible(
  queries: TraceQueries,
  traceId: TraceId,
  options: QueryOptions,
): Promise<Trace | LimitError | undefined> {
  try {
    return await queries.readTrace(traceId, options);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    if (error instanceof LimitError) return error;
    throw error;
  }
}

function toTooLarge(traceId: TraceId, { message }: LimitError): JaegerError {
  return { code: 413, msg: message, traceID: formatJaegerTraceId(traceId) };
}

function toMissing(traceId: TraceId): JaegerError {
  return { code: 404, msg: 'trace not found', traceID: formatJaegerTraceId(traceId) };
}

function answer(context: Context, value: unknown): Promise<Response> {
  return jsonResponse(value, {
    acceptEncoding: context.req.header('accept-encoding'),
    indent: isPretty(context) ? 4 : undefined,
  });
}

function isPretty(context: Context): boolean {
  const given = context.req.query('prettyPrint') ?? '';
  return given !== '' && given !== 'false';
}

function answerError(context: Context, error: unknown, log: Logger): Promise<Response> {
  const { status, body } = toErrorAnswer(error, log);
  const msg =
    error instanceof NotFoundError && error.kind === 'trace'
      ? 'trace not found'
      : body.error.message;
  return jsonResponse(wrapError({ code: status, msg }), {
    status,
    contentType: 'text/plain; charset=utf-8',
    indent: isPretty(context) ? 4 : undefined,
    acceptEncoding: undefined,
  });
}
