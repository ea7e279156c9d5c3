/** `/api/metrics/*`, for the Monitor page of Jaeger's UI. */
import type { Clock } from '@clew/model';
import { Hono } from 'hono';
import type { Context } from 'hono';
import type { TraceQueries } from '../../../query/trace-queries.ts';
import type { Logger } from '../../../telemetry/log.ts';
import { piecewiseResponse } from '../../piecewise-response.ts';
import { answer, isPretty } from '../answer.ts';
import { wrapData } from '../envelope.ts';
import { metricFamilyPieces } from './metric-family.ts';
import { parseMetricsParameters, parseQuantile } from './metrics-parameters.ts';
import { readMetrics } from './read-metrics.ts';
import type { Measure } from './read-metrics.ts';

export interface JaegerMetricsOptions {
  readonly queries: TraceQueries;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Spans are counted by the minute. */
const MIN_STEP_MS = 60_000;

/** To be mounted at `/api/metrics`. Errors are for the app around it. */
export function createMetricsRoutes({ queries, clock, log }: JaegerMetricsOptions): Hono {
  const app = new Hono();
  const answerMetrics = async (context: Context, measure: Measure): Promise<Response> => {
    const nowMs = clock.nowMs();
    const asked = parseMetricsParameters(new URL(context.req.url).searchParams, nowMs);
    const { signal } = context.req.raw;
    const family = await readMetrics(queries, { measure, asked, nowMs }, { signal });
    if (isPretty(context)) return answer(context, { ...family, metrics: [...family.metrics] });
    const pieces = metricFamilyPieces(family);
    return piecewiseResponse(context, pieces, { contentType: 'application/json', log });
  };
  app.get('/calls', (context) => answerMetrics(context, { kind: 'calls' }));
  app.get('/errors', (context) => answerMetrics(context, { kind: 'errors' }));
  app.get('/latencies', (context) => {
    const quantile = parseQuantile(new URL(context.req.url).searchParams);
    return answerMetrics(context, { kind: 'latencies', quantile });
  });
  app.get('/minstep', (context) => answer(context, wrapData(MIN_STEP_MS)));
  return app;
}
