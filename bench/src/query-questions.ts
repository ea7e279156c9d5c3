/**
 * The questions of the query benchmark. Each has known parts of its answer, because a fast wrong answer is worth nothing.
 */
import { findAttribute } from '@clew/model';
import type { Span } from '@clew/model';
import { createForeignKinds } from './foreign-questions.ts';
import { FillRequests } from './load/fill.ts';
import type { Fill } from './load/fill.ts';
import { Random } from './load/random.ts';
import { PAGE, readItems, serviceOf } from './question.ts';
import type { Question, QuestionKind, Time, Trace } from './question.ts';

const API = '/api/clew';
const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** A trace of "about 50 spans". */
const MIN_TRACE_SPANS = 45;
const MAX_TRACE_SPANS = 55;

/** Makes `count` questions of each kind about a filled store. */
export function createQuestions(fill: Fill, count: number): readonly QuestionKind[] {
  const random = new Random(fill.seed);
  const requests = new FillRequests(fill);
  const traces = Array.from({ length: count }, () => pickTrace(requests, fill, random));
  const lastHour = { start: fill.endUnixMs - HOUR_MS, end: fill.endUnixMs };
  const wholeDay = { start: fill.endUnixMs - DAY_MS, end: fill.endUnixMs };
  return [
    { name: 'trace of about 50 spans by id', questions: traces.map(askForTrace) },
    { name: 'trace that does not exist', questions: traces.map(() => askForNothing(random)) },
    {
      name: 'newest 20 of a service, last hour',
      questions: traces.map(([span]) => search({ service: serviceOf(span), ...lastHour }, isPage)),
    },
    {
      name: 'newest 20 of a service, a day',
      questions: traces.map(([span]) => search({ service: serviceOf(span), ...wholeDay }, isPage)),
    },
    {
      name: 'rare attribute (user.id), a day',
      questions: traces.map((trace) => {
        const attribute = `user.id=${userOf(trace)}`;
        return search({ attribute, ...wholeDay }, (found) => found.includes(traceIdOf(trace)));
      }),
    },
    {
      name: 'service, name, duration, error, a day',
      questions: traces.map((trace) => {
        const span = random.pick(trace);
        const conditions = { service: serviceOf(span), spanName: span.name, status: 'error' };
        const minDuration = `${span.durationNano / 2n}ns`;
        return search({ ...conditions, minDuration, ...wholeDay }, () => true);
      }),
    },
    ...createTraceqlKinds(traces, { lastHour, wholeDay }),
    {
      name: 'services',
      questions: traces.map(([span]) => ({
        path: `${API}/services`,
        isRight: ({ json }) => readItems(json, 'services').includes(serviceOf(span)),
      })),
    },
    {
      name: 'operations of a service',
      questions: traces.map(([span]) => ({
        path: `${API}/services/${encodeURIComponent(serviceOf(span))}/operations`,
        isRight: ({ json }) => readItems(json, 'operations').length > 0,
      })),
    },
    ...createForeignKinds(traces, wholeDay),
  ];
}

interface Times {
  readonly lastHour: Time;
  readonly wholeDay: Time;
}

/** Questions that want the language. */
function createTraceqlKinds(
  traces: readonly Trace[],
  { lastHour, wholeDay }: Times,
): readonly QuestionKind[] {
  const ofService = (span: Span): string => `resource.service.name = "${serviceOf(span)}"`;
  const find = (
    name: string,
    write: (span: Span) => string,
    isRight: (traceIds: readonly string[]) => boolean = isPage,
  ): QuestionKind => ({
    name,
    questions: traces.map(([span]) => search({ q: write(span), ...wholeDay }, isRight)),
  });
  const compute = (name: string, path: string, q: string, time: Time): QuestionKind => ({
    name,
    questions: traces.map(() => askForSeries(path, q, time)),
  });
  const p95 = '{ } | quantile_over_time(duration, 0.95) by(span.http.route)';
  return [
    find('frequent attribute, a day', () => '{ span.http.request.method = "GET" }'),
    find('duration range, a day', () => '{ duration > 200ms && duration < 210ms }'),
    find(
      'regex on the name, a day',
      () => '{ name =~ "GET .*orders.*" }',
      () => true,
    ),
    find('parent and failed child, a day', () => '{ kind = server } > { status = error }'),
    find('parent of a service and failed child, a day', (span) => {
      return `{ ${ofService(span)} } > { status = error }`;
    }),
    find(
      'failed descendants, more than 2, a day',
      (span) => {
        return `{ ${ofService(span)} } >> { status = error } | count() > 2`;
      },
      () => true,
    ),
    find(
      'slowest 20 of a service, a day',
      (span) => `{ ${ofService(span)} } | order by duration desc`,
    ),
    compute('p95 by attribute, a day', 'metrics', p95, wholeDay),
    compute(
      'RED of each service, a minute each, an hour',
      'metrics/range',
      '{ } | rate() by(resource.service.name, status)',
      lastHour,
    ),
    {
      name: 'values of an attribute',
      questions: traces.map(() => ({
        path: `${API}/attributes/values?key=http.route`,
        isRight: ({ json }) => readItems(json, 'values').length > 0,
      })),
    },
  ];
}

function askForSeries(path: string, q: string, { start, end }: Time): Question {
  const parameters = new URLSearchParams({
    q,
    start: `${start}000000`,
    end: `${end}000000`,
    ...(path === 'metrics' ? {} : { step: '1m' }),
  });
  return {
    path: `${API}/${path}?${parameters}`,
    isRight: ({ json }) => readItems(json, 'series').length > 0,
  };
}

function pickTrace(requests: FillRequests, fill: Fill, random: Random): Trace {
  for (;;) {
    const traces = [...requests.tracesOf(random.integer(0, fill.pairs - 1)).values()].filter(
      (trace) => trace.length >= MIN_TRACE_SPANS && trace.length <= MAX_TRACE_SPANS,
    );
    const [first, ...others] = traces.length === 0 ? [] : random.pick(traces);
    if (first !== undefined && userOf([first, ...others]) !== undefined) return [first, ...others];
  }
}

function askForTrace(trace: Trace): Question {
  return {
    path: `${API}/traces/${traceIdOf(trace)}`,
    isRight: ({ json }) => readItems(json, 'spans').length === trace.length,
  };
}

function askForNothing(random: Random): Question {
  const word = (): string =>
    random
      .integer(1, 2 ** 32 - 1)
      .toString(16)
      .padStart(8, '0');
  return {
    path: `${API}/traces/${word()}${word()}${word()}${word()}`,
    isRight: ({ status }) => status === 404,
  };
}

/** `start` and `end` are in milliseconds since 1970. */
function search(
  { start, end, ...conditions }: Readonly<Record<string, string | number>>,
  isRight: (traceIds: readonly string[]) => boolean,
): Question {
  const parameters = new URLSearchParams({
    ...conditions,
    start: `${start}000000`,
    end: `${end}000000`,
    limit: String(PAGE),
  });
  return {
    path: `${API}/search?${parameters}`,
    isRight: ({ json }) =>
      isRight((readItems(json, 'traces') as { traceId: string }[]).map(({ traceId }) => traceId)),
  };
}

function isPage(traceIds: readonly string[]): boolean {
  return traceIds.length === PAGE;
}

function traceIdOf([span]: Trace): string {
  return span.traceId;
}

function userOf(trace: Trace): string | undefined {
  for (const { attributes } of trace) {
    const user = findAttribute(attributes, 'user.id');
    if (user?.type === 'string') return user.value;
  }
  return undefined;
}
