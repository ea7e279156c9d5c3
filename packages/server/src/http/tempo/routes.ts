/** Tempo's HTTP API: each endpoint a translation of its parameters into TraceQL, and of what comes of it into Tempo's messages. */
import {
  TEMPO_INSTANT,
  TEMPO_RANGE,
  TEMPO_SEARCH,
  TEMPO_TAGS,
  TEMPO_TAGS_V2,
  TEMPO_TAG_VALUES,
  TEMPO_TAG_VALUES_V2,
} from '@clew/protocol';
import type { TempoAnswer } from '@clew/protocol';
import type { Clock } from '@clew/model';
import { Hono } from 'hono';
import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import type { Logger } from '../../telemetry/log.ts';
import { answerError, answerMessage, textResponse } from './answer.ts';
import { findTraces } from './found-traces.ts';
import { readInstant, readRange } from './metrics-answer.ts';
import { instantOfParameters, rangeOfParameters } from './metrics-request.ts';
import { searchOfParameters } from './search-request.ts';
import { mountStatus } from './status-routes.ts';
import { listTagNames, listTagScopes, tagNamesOfParameters } from './tag-names.ts';
import {
  fieldOfScopedTag,
  fieldOfTag,
  listTagValues,
  tagValuesOfParameters,
} from './tag-values.ts';
import { mountDiff } from './diff-route.ts';
import { mountTraces } from './trace-routes.ts';

export interface TempoRoutesOptions {
  readonly queries: TraceQueries;
  readonly clock: Clock;
  readonly log: Logger;
  readonly version: string;
}

/** To be mounted at the root of Tempo's port, and below a path elsewhere. */
export function createTempoRoutes(options: TempoRoutesOptions): Hono {
  const { queries, clock, log, version } = options;
  const app = new Hono();
  app.onError((error) => answerError(error, log));
  mountStatus(app, version);
  mountDiff(app, options);
  mountTraces(app, options);
  mount(app, '/api/search', TEMPO_SEARCH, (parameters, options) =>
    findTraces(queries, searchOfParameters(parameters), options),
  );
  mountTags(app, options);
  mount(app, '/api/metrics/query_range', TEMPO_RANGE, (parameters, options) =>
    readRange(queries, rangeOfParameters(parameters, clock), options),
  );
  mount(app, '/api/metrics/query', TEMPO_INSTANT, (parameters, options) =>
    readInstant(queries, instantOfParameters(parameters, clock), options),
  );
  app.all('*', () => textResponse('404 page not found\n', 404));
  return app;
}

const METRICS = { completedJobs: 1, totalJobs: 1 } as const;

function mountTags(app: Hono, { queries, clock }: TempoRoutesOptions): void {
  mount(app, '/api/search/tags', TEMPO_TAGS, async (parameters, options) => ({
    tagNames: await listTagNames(queries, tagNamesOfParameters(parameters), options),
    metrics: METRICS,
  }));
  mount(app, '/api/v2/search/tags', TEMPO_TAGS_V2, async (parameters, options) => ({
    scopes: await listTagScopes(queries, tagNamesOfParameters(parameters), options),
    metrics: METRICS,
  }));
  mount(app, '/api/search/tag/:tag/values', TEMPO_TAG_VALUES, async (parameters, options, tag) => {
    const request = tagValuesOfParameters(fieldOfTag(tag), parameters);
    const values = await listTagValues(queries, { request, clock }, options);
    const tagValues = [...new Set(values.map(({ value }) => value))];
    return { tagValues, metrics: METRICS };
  });
  mount(
    app,
    '/api/v2/search/tag/:tag/values',
    TEMPO_TAG_VALUES_V2,
    async (parameters, options, tag) => {
      const request = tagValuesOfParameters(fieldOfScopedTag(tag), parameters);
      const tagValues = await listTagValues(queries, { request, clock }, options);
      return { tagValues, metrics: METRICS };
    },
  );
}

type Handler<Value> = (
  parameters: URLSearchParams,
  options: QueryOptions,
  tag: string,
) => Promise<Value>;

function mount<Value>(
  app: Hono,
  path: string,
  form: TempoAnswer<Value>,
  handle: Handler<Value>,
): void {
  app.get(path, async (context) => {
    const { searchParams } = new URL(context.req.url);
    const options = { signal: context.req.raw.signal };
    const value = await handle(searchParams, options, context.req.param('tag') ?? '');
    return answerMessage(context, form, value);
  });
}
