/** The questions that the UIs of others ask, in the words of their own APIs, about a day. */
import { PAGE, readItems, serviceOf } from './question.ts';
import type { Answer, QuestionKind, Time, Trace } from './question.ts';

export function createForeignKinds(
  traces: readonly Trace[],
  { start, end }: Time,
): readonly QuestionKind[] {
  const kind = (
    name: string,
    path: string,
    parametersOf: (trace: Trace) => Readonly<Record<string, string | number>>,
    isRight: (answer: Answer) => boolean,
  ): QuestionKind => ({
    name,
    questions: traces.map((trace) => {
      const parameters = Object.entries(parametersOf(trace)).map(([key, value]) => [
        key,
        String(value),
      ]);
      return { path: `${path}?${new URLSearchParams(parameters)}`, isRight };
    }),
  });
  const micros = { start: `${start}000`, end: `${end}000`, limit: PAGE };
  const seconds = { start: Math.floor(start / 1000), end: Math.ceil(end / 1000) };
  const has = (member: string, count: number) => (answer: Answer) =>
    readItems(answer.json, member).length >= count;
  const ofService = ([span]: Trace): string => `{ resource.service.name = "${serviceOf(span)}" }`;
  return [
    kind(
      'Jaeger: 20 whole traces of a service',
      '/api/traces',
      ([span]) => ({ service: serviceOf(span), ...micros }),
      has('data', PAGE),
    ),
    kind(
      'Jaeger: the same with a tag and a duration',
      '/api/traces',
      ([span]) => ({
        service: serviceOf(span),
        tags: '{"http.request.method":"GET"}',
        minDuration: '1ms',
        ...micros,
      }),
      has('data', 1),
    ),
    kind(
      'Tempo: search of a service',
      '/tempo/api/search',
      (trace) => ({ q: ofService(trace), limit: PAGE, ...seconds }),
      has('traces', PAGE),
    ),
    kind('Tempo: tags', '/tempo/api/v2/search/tags', () => seconds, has('scopes', 1)),
    kind(
      'Tempo: values of a tag',
      '/tempo/api/v2/search/tag/span.http.route/values',
      () => seconds,
      has('tagValues', 1),
    ),
    kind(
      'Tempo: p95 by span name, in steps of 15 min',
      '/tempo/api/metrics/query_range',
      () => ({ q: '{ } | quantile_over_time(duration, 0.95) by(name)', step: '900', ...seconds }),
      has('series', 1),
    ),
    kind(
      'Zipkin: 20 whole traces of a service',
      '/zipkin/api/v2/traces',
      ([span]) => ({
        serviceName: serviceOf(span),
        endTs: end,
        lookback: end - start,
        limit: PAGE,
      }),
      ({ json }) => (json as readonly unknown[]).length === PAGE,
    ),
  ];
}
