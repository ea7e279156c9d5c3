/**
 * The part of Prometheus' HTTP API that Grafana needs for Tempo's service graph and for panels of rates, errors and durations. There
 * is no Prometheus behind it: its metrics are what is counted of spans by the minute.
 */
import { InvalidQueryError } from '@clew/model';
import type { Clock } from '@clew/model';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Context } from 'hono';
import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import type { Logger } from '../../telemetry/log.ts';
import { listLabelNames, listLabelValues, listSeries } from './list-series.ts';
import { METRICS } from './metric-catalog.ts';
import { parseLimit, parsePeriod, parseSteps, parseTime } from './parameters.ts';
import { answerData, answerError, instantData, metricOf, rangeData } from './response.ts';
import { runInstantQuery, runRangeQuery } from './run-query.ts';

export interface PrometheusRoutesOptions {
  readonly queries: TraceQueries;
  readonly clock: Clock;
  readonly log: Logger;
  readonly version: string;
}

const MAX_FORM_BYTES = 256 * 1024;

/** The version whose API this is a part of; Grafana goes by it. */
const API_VERSION = '3.0.0';

/** To be mounted at `/prometheus`, before what refuses changes: a question may be a `POST`, and changes nothing. */
export function createPrometheusRoutes({
  queries,
  clock,
  log,
  version,
}: PrometheusRoutesOptions): Hono {
  const app = new Hono();
  app.onError((error, context) => answerError(context, error, log));
  app.use(limitForm(log));
  const ask = (path: string, handle: Handler): void => {
    app.on(['GET', 'POST'], `/api/v1/${path}`, async (context) =>
      handle(context, await readParameters(context)),
    );
  };
  ask('query', async (context, parameters) => {
    const timeMs = parseTime(parameters, 'time', clock.nowMs());
    const query = parameters.get('query') ?? '';
    const asked = { query, timeMs };
    const { value, warnings } = await runInstantQuery(queries, asked, optionsOf(context));
    return answerData(context, instantData(value, timeMs), warnings);
  });
  ask('query_range', async (context, parameters) => {
    const timesMs = parseSteps(parameters);
    const query = parameters.get('query') ?? '';
    const asked = { query, timesMs };
    const { value, warnings } = await runRangeQuery(queries, asked, optionsOf(context));
    return answerData(context, rangeData(value), warnings);
  });
  ask('labels', (context, parameters) =>
    answerList(context, listLabelNames(parameters.getAll('match[]')), parameters),
  );
  ask('label/:name/values', async (context, parameters) => {
    const name = context.req.param('name') ?? '';
    const request = seriesRequest(parameters, clock.nowMs());
    const values = await listLabelValues(queries, name, request, optionsOf(context));
    return answerList(context, values, parameters);
  });
  ask('series', async (context, parameters) => {
    const request = seriesRequest(parameters, clock.nowMs());
    if (request.selectors.length === 0) {
      throw new InvalidQueryError('no match[] parameter provided', { parameter: '' });
    }
    const { series, isCut } = await listSeries(queries, request, optionsOf(context));
    return answerList(context, series.map(metricOf), parameters, isCut);
  });
  ask('metadata', (context, parameters) => {
    const families = METRICS.filter(
      ({ family }) => (parameters.get('metric') ?? family) === family,
    ).map(({ family, part, help }) => {
      const type = part === 'total' ? 'counter' : 'histogram';
      return [family, [{ type, help, unit: '' }]] as const;
    });
    return answerData(context, Object.fromEntries(families.slice(0, parseLimit(parameters))));
  });
  // Grafana asks for these beside, and shows an error where there is no answer.
  ask('query_exemplars', (context) => answerData(context, []));
  app.get('/api/v1/rules', (context) => answerData(context, { groups: [] }));
  app.get('/api/v1/status/buildinfo', (context) =>
    answerData(context, {
      version: API_VERSION,
      revision: version,
      branch: 'clew',
      buildUser: '',
      buildDate: '',
      goVersion: '',
    }),
  );
  app.all('/*', (context) => context.text('404 page not found\n', 404));
  return app;
}

type Handler = (context: Context, parameters: URLSearchParams) => Response | Promise<Response>;

function limitForm(log: Logger): ReturnType<typeof bodyLimit> {
  return bodyLimit({
    maxSize: MAX_FORM_BYTES,
    onError: (context) => {
      const message = `the form exceeds ${MAX_FORM_BYTES} bytes`;
      return answerError(context, new InvalidQueryError(message, { parameter: 'query' }), log);
    },
  });
}

/** Those of a form, which count first, and those of the address. */
async function readParameters(context: Context): Promise<URLSearchParams> {
  const form = context.req.method === 'POST' ? await context.req.text() : '';
  const parameters = new URLSearchParams(form);
  for (const [name, value] of new URL(context.req.url).searchParams) {
    parameters.append(name, value);
  }
  return parameters;
}

function seriesRequest(
  parameters: URLSearchParams,
  nowMs: number,
): Parameters<typeof listSeries>[1] {
  return { selectors: parameters.getAll('match[]'), ...parsePeriod(parameters, nowMs) };
}

/** As many as are asked for. */
function answerList(
  context: Context,
  list: readonly unknown[],
  parameters: URLSearchParams,
  isCut = false,
): Promise<Response> {
  const limit = parseLimit(parameters);
  const isLimited = isCut || list.length > limit;
  const warnings = isLimited ? ['results truncated due to limit'] : [];
  return answerData(context, list.slice(0, limit), warnings);
}

function optionsOf(context: Context): QueryOptions {
  return { signal: context.req.raw.signal };
}
