import type { Span } from '@clew/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OtlpSink } from '../../packages/sdk/src/testing/otlp-sink.ts';
import { readAttributes } from '../../packages/sdk/src/testing/read-attributes.ts';
import { ChildProcesses, programArguments } from './child-processes.ts';

const READY = /^[\w-]+ ready at (\S+)$/;

const deaths: string[] = [];
const processes = new ChildProcesses((message) => deaths.push(message));
let sink: OtlpSink;
let orderServiceUrl: string;

/** The shop as it runs in the demo: processes of their own, and a database; `DATABASE_URL` names another one. */
beforeAll(async () => {
  sink = await OtlpSink.start();
  const start = async (name: string, env: Record<string, string>): Promise<string> => {
    const args = programArguments(`${name}.ts`);
    const [, url = ''] = await processes.start({ name, args, env, ready: READY });
    return url;
  };
  const DATABASE_URL = process.env['DATABASE_URL'] || (await start('database', { PORT: '0' }));
  const env = { DATABASE_URL, PORT: '0', OTEL_EXPORTER_OTLP_ENDPOINT: sink.endpoint };
  const USER_SERVICE_URL = await start('user-service', env);
  orderServiceUrl = await start('order-service', { ...env, USER_SERVICE_URL });
}, 120_000);

afterAll(async () => {
  await processes.stop();
  await sink.stop();
  expect(deaths).toEqual([]);
}, 60_000);

/** Places an order and waits for its trace; the spans come by service, name and id. */
async function order(
  body: object | string,
  spanCount: number,
): Promise<{ status: number; text: string; spans: ReadonlyMap<string, Span> }> {
  const before = new Set(sink.spans);
  const fresh = (): readonly Span[] => sink.spans.filter((span) => !before.has(span));
  const response = await fetch(`${orderServiceUrl}/orders`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  await sink.waitFor(() => fresh().length >= spanCount);
  const spans = new Map(
    fresh().map((span) => [`${span.resource.service} ${span.name} ${span.spanId}`, span]),
  );
  expect([...spans.keys()]).toHaveLength(spanCount);
  expect(new Set([...spans.values()].map((span) => span.traceId)).size).toBe(1);
  if (response.ok) {
    expect(response.headers.get('x-trace-id')).toBe([...spans.values()][0]?.traceId);
  }
  return { status: response.status, text, spans };
}

/** The spans as lines, indented below their parents, siblings in the order of their start. */
function draw(spans: ReadonlyMap<string, Span>): string {
  const all = [...spans.values()].sort((a, b) => (a.startUnixNano < b.startUnixNano ? -1 : 1));
  const lines: string[] = [];
  const visit = (parent: string | undefined, depth: number): void => {
    for (const span of all.filter((s) => s.parentSpanId === parent)) {
      const name = span.name.replace(/ \S+$/, (word) => (span.name.startsWith('pg.') ? '' : word));
      lines.push(`${'  '.repeat(depth)}${span.resource.service} ${span.kind} ${name}`);
      visit(span.spanId, depth + 1);
    }
  };
  visit(undefined, 0);
  return lines.join('\n');
}

function get(spans: ReadonlyMap<string, Span>, pattern: RegExp): Span {
  const found = [...spans].find(([name]) => pattern.test(name));
  if (found === undefined) throw new Error(`no ${pattern} among ${[...spans.keys()].join(', ')}`);
  return found[1];
}

describe('one order', () => {
  test('is one trace through both services and both schemas', async () => {
    const { status, spans } = await order({ userId: 7, item: 'tea', quantity: 2 }, 7);
    expect(status).toBe(201);
    expect(draw(spans)).toBe(
      [
        'order-service server POST /orders',
        '  order-service internal create-order',
        '    order-service client GET',
        '      user-service server GET /users/:id',
        '        user-service internal get-user',
        '          user-service client pg.query:SELECT',
        '    order-service client pg.query:INSERT',
      ].join('\n'),
    );
    expect([...spans.values()].map((span) => span.status)).not.toContain('error');
    expect(readAttributes(get(spans, /create-order/).attributes)).toMatchObject({
      'user.id': 7n,
      'order.item': 'tea',
      'order.total_cents': 900n,
    });
    expect(readAttributes(get(spans, /SELECT/).attributes)).toMatchObject({
      'db.system.name': 'postgresql',
      'db.query.text': 'SELECT id, name, email, plan FROM user_service.users WHERE id = $1',
    });
    expect(readAttributes(get(spans, /INSERT/).attributes)['db.query.text']).toMatch(
      /^INSERT INTO order_service\.orders .* RETURNING id$/,
    );
    expect(get(spans, /INSERT/).scope.name).toBe('@opentelemetry/instrumentation-pg');
  });

  test('of a business shows which SQL is slow', async () => {
    const { status, spans } = await order({ userId: 10, item: 'cup', quantity: 1 }, 8);
    expect(status).toBe(201);
    const slow = [...spans.values()].filter(
      ({ kind, scope, durationNano }) =>
        kind === 'client' && scope.name.endsWith('-pg') && durationNano > 500_000_000n,
    );
    expect(slow.map((span) => readAttributes(span.attributes)['db.query.text'])).toEqual([
      'SELECT user_service.credit_limit_cents($1) AS "creditLimitCents"',
    ]);
  });

  test('for nobody fails, and says so on both sides', async () => {
    const { status, text, spans } = await order({ userId: 4711, item: 'tea', quantity: 1 }, 6);
    expect([status, JSON.parse(text)]).toEqual([422, { error: 'user 4711 does not exist' }]);
    expect(get(spans, /create-order/)).toMatchObject({
      status: 'error',
      statusMessage: 'user 4711 does not exist',
    });
    expect(get(spans, /order-service GET/).status).toBe('error');
    expect(get(spans, /get-user/).status).toBe('unset');
  });

  test.each([
    ['{', 'the order is not JSON'],
    [{ userId: 1, item: 'tea', quantity: 0 }, 'quantity is not a whole number above zero'],
    [{ userId: 1, item: 'cake', quantity: 1 }, 'item is not one of tea, coffee, cup, kettle'],
  ])('of %j is refused before anybody is asked', async (body, error) => {
    const { status, text, spans } = await order(body, 2);
    expect([status, JSON.parse(text)]).toEqual([400, { error }]);
    expect(get(spans, /create-order/)).toMatchObject({ status: 'error', statusMessage: error });
  });

  test('that is too large is refused by the database, which the trace shows', async () => {
    const { status, spans } = await order({ userId: 1, item: 'tea', quantity: 5000 }, 7);
    expect(status).toBe(500);
    expect(get(spans, /INSERT/)).toMatchObject({
      status: 'error',
      statusMessage: expect.stringContaining('fits_the_lorry') as string,
    });
    expect(get(spans, /POST \/orders/).status).toBe('error');
  });
});
