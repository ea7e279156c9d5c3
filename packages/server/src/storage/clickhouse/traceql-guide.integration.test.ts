/** Runs the examples of `docs/guides/traceql.md` against the traces that it tells of. */
import { readFileSync } from 'node:fs';
import { durationNano } from '@clew/model';
import type { Span, SpanKind } from '@clew/model';
import { checkQuery, parseQuery } from '@clew/traceql';
import type { Query, Series } from '@clew/traceql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SpanStore } from '../span-store.ts';
import { makeDirectory, removeDirectory } from '../testing/directories.ts';
import { MS, TENANT, at, attribute, blockOf, resource, span, traceId } from '../testing/spans.ts';
import { openTestStore } from '../testing/stores.ts';

const GUIDE = new URL('../../../../../docs/guides/traceql.md', import.meta.url);

const BLOCKS = [
  ...readFileSync(GUIDE, 'utf8').matchAll(
    /```traceql\n([^`]*?)\n```\n(finds|gives|compares)(?: |, among others\n\n)((?:\|.*\n)+|.*)/g,
  ),
].map(([, query = '', verb = '', answer = '']) => ({ query, verb, answer }));
/** Each search of the guide and the letters of the traces it finds, in order. */
const SEARCHES = BLOCKS.filter(({ verb }) => verb === 'finds').map(({ query, answer }) => ({
  query,
  found: answer === 'none' ? '' : answer,
}));
/** Each query for numbers, and what its series come to, each with the value of its label. */
const METRICS = BLOCKS.filter(({ verb }) => verb === 'gives').map(({ query, answer }) => ({
  query,
  given: answer === 'nothing' ? [] : answer.split(', '),
}));
/** Each comparison, and the rows of its table: an attribute, a value, and how many spans of how many have it on each side. */
const COMPARISONS = BLOCKS.filter(({ verb }) => verb === 'compares').map(({ query, answer }) => ({
  query,
  rows: [...answer.matchAll(/^\| `(.*)` \| (.*) \| (\d+) of (\d+) \| (\d+) of (\d+) \|$/gm)].map(
    ([, attributeName = '', value = '', ...counts]) => ({
      attributeName,
      value,
      counts: counts.map(Number),
    }),
  ),
}));

const TRACES = ['A', 'B', 'C', 'D'];
const MINUTE_MS = 60_000;
const HOUR_NANO = 60n * 60_000n * MS;

function idOf(letter: string) {
  return traceId(0xa0 + TRACES.indexOf(letter));
}

/** A span of the guide's table. */
function of(
  letter: string,
  [service, name, kind, durationMs]: readonly [string, string, SpanKind, number],
  fields: Partial<Span> = {},
): Span {
  const environment = service === 'mailer' ? 'test' : 'prod';
  return span({
    traceId: idOf(letter),
    name,
    kind,
    startUnixNano: at(-TRACES.indexOf(letter) * MINUTE_MS),
    durationNano: durationNano(BigInt(durationMs) * MS),
    resource: resource(service, [attribute('deployment.environment.name', environment)]),
    ...fields,
  });
}

function guideSpans(): readonly Span[] {
  const status = 'error';
  const code = (value: bigint | string) => [attribute('http.response.status_code', value)];
  const a = of('A', ['gateway', 'POST /checkout', 'server', 900], { attributes: code(200n) });
  const aOrder = of('A', ['order-service', 'create-order', 'server', 800], {
    parentSpanId: a.spanId,
  });
  const b = of('B', ['gateway', 'POST /checkout', 'server', 300], {
    status,
    attributes: code(500n),
  });
  const bOrder = of('B', ['order-service', 'create-order', 'server', 250], {
    parentSpanId: b.spanId,
    status,
  });
  const c = of('C', ['gateway', 'GET /orders', 'server', 40], { attributes: code('200') });
  return [
    a,
    aOrder,
    of('A', ['user-service', 'get-user', 'server', 20], { parentSpanId: aOrder.spanId }),
    of('A', ['order-service', 'INSERT orders', 'client', 600], {
      parentSpanId: aOrder.spanId,
      attributes: [attribute('db.system.name', 'postgresql')],
    }),
    b,
    bOrder,
    of('B', ['user-service', 'get-user', 'server', 30], { parentSpanId: bOrder.spanId }),
    of('B', ['order-service', 'charge-card', 'client', 150], {
      parentSpanId: bOrder.spanId,
      status,
      statusMessage: 'no answer',
      attributes: [attribute('attempts', 3n)],
      events: [
        {
          name: 'exception',
          timeUnixNano: at(-MINUTE_MS + 140),
          attributes: [attribute('exception.type', 'Timeout')],
          droppedAttributesCount: 0,
        },
      ],
    }),
    c,
    of('C', ['order-service', 'list-orders', 'server', 25], {
      parentSpanId: c.spanId,
      attributes: [attribute('cached', true)],
    }),
    of('D', ['mailer', 'send-mail', 'consumer', 1200], {
      attributes: [
        {
          key: 'tags',
          value: {
            type: 'array',
            value: [
              { type: 'string', value: 'promo' },
              { type: 'string', value: 'weekly' },
            ],
          },
        },
      ],
      links: [
        {
          traceId: idOf('B'),
          spanId: b.spanId,
          traceState: '',
          flags: 0,
          attributes: [],
          droppedAttributesCount: 0,
        },
      ],
    }),
  ];
}

describe('the guide to TraceQL', () => {
  let directory: string;
  let store: SpanStore;

  beforeAll(async () => {
    directory = await makeDirectory();
    store = await openTestStore(directory);
    await store.write(blockOf(guideSpans(), TENANT));
    await store.flush();
  });

  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    await removeDirectory(directory);
  });

  test('has an answer to each of its examples', () => {
    const queries = readFileSync(GUIDE, 'utf8').match(/```traceql\n/g) ?? [];
    expect(BLOCKS).toHaveLength(queries.length);
    expect(SEARCHES.length).toBeGreaterThan(35);
    const letters = expect.stringMatching(/^$|^[A-D](, [A-D])*$/) as string;
    for (const { query, found } of SEARCHES) expect(found, query).toEqual(letters);
  });

  test.each(SEARCHES)('$query finds $found', async ({ query, found }) => {
    const { traces } = await store.searchTraces({
      tenant: TENANT,
      search: parse(query, 'search'),
      limit: 10,
    });
    const letters = traces.map((trace) => TRACES.find((letter) => idOf(letter) === trace.traceId));
    expect(letters.join(', ')).toBe(found);
  });

  test.each(METRICS)('$query gives $given', async ({ query, given }) => {
    const series = await store.readMetrics({
      tenant: TENANT,
      metrics: parse(query, 'metrics'),
      range: { startUnixNano: at(-30 * MINUTE_MS), stepNano: HOUR_NANO, binCount: 1 },
    });
    const expected = given.map((each) => each.split(' '));
    expect(series.map(showLabel)).toEqual(expected.map((words) => words.slice(0, -1).join(' ')));
    for (const [i, { values }] of series.entries()) {
      const wanted = Number(expected[i]?.at(-1));
      expect(Math.abs((values[0] ?? 0) / wanted - 1)).toBeLessThan(0.005);
    }
  });

  test.each(COMPARISONS)('$query compares $rows.length values', async ({ query, rows }) => {
    const series = await store.readMetrics({
      tenant: TENANT,
      metrics: parse(query, 'metrics'),
      range: { startUnixNano: at(-30 * MINUTE_MS), stepNano: HOUR_NANO, binCount: 1 },
    });
    expect(rows.length).toBeGreaterThan(3);
    for (const { attributeName, value, counts } of rows) {
      const countOf = (type: string, text: string): number =>
        series
          .filter((each) => each.labels[1]?.name === attributeName)
          .filter((each) => showLabel(each) === `${type},${text}`)
          .reduce((sum, { values }) => sum + (values[0] ?? 0), 0);
      const found = ['selection', 'baseline'].flatMap((side) => [
        countOf(side, value),
        countOf(`${side}_total`, ''),
      ]);
      expect(found, `${attributeName} ${value}`).toEqual(counts);
    }
  });
});

function parse<Kind extends Query['kind']>(
  text: string,
  kind: Kind,
): Extract<Query, { readonly kind: Kind }> {
  const query = parseQuery(text);
  checkQuery(query, text);
  if (query.kind !== kind) throw new Error(`expected ${kind}: ${text}`);
  return query as Extract<Query, { readonly kind: Kind }>;
}

function showLabel({ labels }: Series): string {
  return labels
    .map(({ value }) => (value !== undefined && 'value' in value ? value.value : ''))
    .join();
}
