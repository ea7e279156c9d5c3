/** Searches for traces and for spans: a page with a cursor, or all that there is, one a line. */
import {
  LINES_MEDIA_TYPE,
  searchSpans,
  searchTraces,
  spanStreamQuery,
  traceStreamQuery,
} from '@clew/api';
import type { Hono } from 'hono';
import type { Context } from 'hono';
import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import type { Logger } from '../../telemetry/log.ts';
import { jsonResponse } from '../json-response.ts';
import { piecewiseResponse } from '../piecewise-response.ts';
import { chooseMediaType } from '../choose-media-type.ts';
import { jsonLines } from './json-lines.ts';
import { parseParameters } from './parse-parameters.ts';
import type { GivenParameters } from './parse-parameters.ts';
import { toPattern } from './route-path.ts';
import { searchFromQuery, searchToJson, traceSummaryToJson } from './search-json.ts';
import { foundSpanToJson, spanSearchFromQuery, spansToJson } from './span-json.ts';

export interface SearchRoutesOptions {
  readonly queries: TraceQueries;
  readonly log: Logger;
}

export function mountSearches(app: Hono, { queries, log }: SearchRoutesOptions): void {
  mountSearch(app, searchTraces.path, {
    log,
    answerPage: async (given, options) => {
      const query = parseParameters(searchTraces.query, given);
      return searchToJson(await queries.searchTraces(searchFromQuery(query), options));
    },
    stream: (given, options) => {
      const search = searchFromQuery(parseParameters(traceStreamQuery, given));
      return queries.streamFoundTraces(search, options);
    },
    toJson: traceSummaryToJson,
  });
  mountSearch(app, searchSpans.path, {
    log,
    answerPage: async (given, options) => {
      const query = parseParameters(searchSpans.query, given);
      return spansToJson(await queries.searchSpans(spanSearchFromQuery(query), options));
    },
    stream: (given, options) => {
      const search = spanSearchFromQuery(parseParameters(spanStreamQuery, given));
      return queries.streamFoundSpans(search, options);
    },
    toJson: foundSpanToJson,
  });
}

interface Search<Item> {
  readonly log: Logger;
  readonly answerPage: (given: GivenParameters, options: QueryOptions) => Promise<unknown>;
  readonly stream: (
    given: GivenParameters,
    options: QueryOptions,
  ) => AsyncIterable<readonly Item[]>;
  readonly toJson: (item: Item) => unknown;
}

function mountSearch<Item>(app: Hono, path: string, search: Search<Item>): void {
  app.get(toPattern(path), (context) => {
    const accept = context.req.header('accept');
    return chooseMediaType(accept, 'application/json', [LINES_MEDIA_TYPE]) === LINES_MEDIA_TYPE
      ? answerLines(context, search)
      : answerPage(context, search);
  });
}

async function answerPage<Item>(context: Context, search: Search<Item>): Promise<Response> {
  const { signal } = context.req.raw;
  const acceptEncoding = context.req.header('accept-encoding');
  return jsonResponse(await search.answerPage(context.req.queries(), { signal }), {
    acceptEncoding,
  });
}

function answerLines<Item>(
  context: Context,
  { stream, toJson, log }: Search<Item>,
): Promise<Response> {
  const { signal } = context.req.raw;
  const lines = jsonLines(stream(context.req.queries(), { signal }), { toJson, signal, log });
  const contentType = LINES_MEDIA_TYPE;
  return piecewiseResponse(context, lines, { contentType, log, isPrompt: true });
}
