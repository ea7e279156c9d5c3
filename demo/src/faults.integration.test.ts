/** What each fault leaves in the traces, by which a person or a program finds it. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FAULTS } from './faults.ts';
import type { FaultName } from './faults.ts';
import { TracedShop, attributesOf, describeSpan, get } from './testing/traced-shop.ts';
import type { Ordered } from './testing/traced-shop.ts';

type Span = Ordered['spans'][number];

const ALL_FAULTS = Object.keys(FAULTS) as readonly FaultName[];
/** A real one, whose locks several orders can wait for. */
const hasDatabase = Boolean(process.env['DATABASE_URL']);
const TEA = { userId: 1, item: 'tea', quantity: 1 };
/** Of an order of which nothing goes wrong. */
const SPAN_COUNT = 19;

function countBy(values: readonly unknown[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
}

/** They all go wrong together. */
describe('the fault', () => {
  let traced: TracedShop;
  let orders: readonly Ordered[];
  let spans: readonly Span[];

  beforeAll(async () => {
    traced = await TracedShop.start(...ALL_FAULTS);
    // One for each instance of the user-service and of the payment-service.
    orders = await Promise.all([TEA, TEA, TEA].map((order) => traced.order(order)));
    spans = orders.flatMap((order) => order.spans);
  }, 120_000);
  afterAll(() => traced.stop(), 60_000);

  test('slow-query is one query that takes long', () => {
    for (const order of orders) {
      const slow = order.spans.filter(
        ({ scope, durationNano }) => scope.name.endsWith('-pg') && durationNano >= 200_000_000n,
      );
      expect(new Set(slow.map((span) => attributesOf(span)['db.query.text']))).toContain(
        'SELECT order_service.reserve($1, $2)',
      );
    }
  });

  test('n-plus-one is the same query twenty times in each order', () => {
    for (const order of orders) {
      const queries = order.spans.map((span) => attributesOf(span)['db.query.text']);
      expect(countBy(queries)).toMatchObject({
        'SELECT shelf FROM order_service.shelves WHERE item = $1 ORDER BY shelf': 1,
        'SELECT capacity AS free FROM order_service.shelves WHERE item = $1 AND shelf = $2': 20,
      });
    }
  });

  test('failing-dependency is two failed tries before one that succeeds, with growing pauses', () => {
    for (const order of orders) {
      const tries = order.spans.filter((span) => span.name === 'authorise');
      expect(
        tries.map((span) => [
          span.status,
          attributesOf(span)['http.request.resend_count'],
          attributesOf(span)['http.status_code'],
        ]),
      ).toEqual([
        ['error', undefined, 503n],
        ['error', 1n, 503n],
        ['unset', 2n, 200n],
      ]);
      const retries = get(order.spans, /charge-card/).events.filter(({ name }) => name === 'retry');
      expect(retries.map((event) => attributesOf(event)['retry.pause_ms'])).toEqual([50n, 100n]);
      expect(get(order.spans, /charge-card/).status).toBe('unset');
    }
  });

  test('slow-instance is one of three instances, and not its database', () => {
    const lookUps = spans.filter((span) => span.name === 'get-user');
    const instanceOf = (span: Span): unknown => attributesOf(span.resource)['service.instance.id'];
    expect(countBy(lookUps.map(instanceOf))).toEqual({
      'user-service-1': 1,
      'user-service-2': 1,
      'user-service-3': 1,
    });
    for (const span of lookUps.filter((span) => instanceOf(span) === 'user-service-1')) {
      const query = spans.find(({ parentSpanId }) => parentSpanId === span.spanId);
      // It begins late, rather than taking long.
      expect(Number((query?.startUnixNano ?? 0n) - span.startUnixNano)).toBeGreaterThan(390e6);
    }
  });

  test('lock-contention is waiting that links to the order that holds the lock', () => {
    if (hasDatabase) {
      // There the database says who waits, by how long it takes to give the lock.
      const locks = spans.filter((span) =>
        String(attributesOf(span)['db.query.text']).endsWith(' FOR UPDATE'),
      );
      expect(locks).toHaveLength(orders.length);
      expect(locks.some((lock) => lock.durationNano >= 300_000_000n)).toBe(true);
      return;
    }
    const waits = spans.filter((span) => span.name === 'wait-for-lock');
    expect(waits.length).toBeGreaterThan(0);
    for (const wait of waits) {
      expect(attributesOf(wait)).toMatchObject({ 'lock.name': 'stock' });
      const holder = spans.find((span) => span.spanId === wait.links[0]?.spanId);
      expect(holder && describeSpan(holder)).toBe('order-service internal reserve-stock');
      expect(holder?.traceId).not.toBe(wait.traceId);
    }
  });

  test('bad-version is errors of one version, which has a step that others do not have', async () => {
    expect(countBy(spans.map((span) => attributesOf(span.resource)['service.version']))).toEqual({
      '1.4.2': spans.length,
    });
    await traced.shop.deployBadVersion();
    const { status, spans: failed } = await traced.order(
      { ...TEA, item: 'kettle' },
      // With shelves and a warehouse; without a bank and a parcel; with a step, an order that is deleted, a transaction.
      SPAN_COUNT + 20 + 1 - 1 - 4 + 1 + 2 + (hasDatabase ? 3 : 0),
    );
    expect(status).toBe(502);
    const broken = failed.filter(
      (span) => attributesOf(span.resource)['service.version'] === '1.5.0',
    );
    expect(broken.map(describeSpan)).toEqual([
      'payment-service server POST /payments',
      'payment-service internal charge-card',
      'payment-service internal convert-currency',
    ]);
    const step = get(broken, /convert-currency/);
    expect(step.status).toBe('error');
    expect(attributesOf(step.events[0] ?? { attributes: [] })).toMatchObject({
      'exception.type': 'TypeError',
      'exception.stacktrace': expect.stringContaining('convertCurrency') as string,
    });
  });
});
