import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TracedShop, attributesOf, describeSpan, draw, get } from './testing/traced-shop.ts';

let traced: TracedShop;

beforeAll(async () => {
  traced = await TracedShop.start();
}, 120_000);

afterAll(() => traced.stop(), 60_000);

describe('one order', () => {
  test('is one trace through all services, their schemas and the queue', async () => {
    const { status, spans } = await traced.order({ userId: 7, item: 'tea', quantity: 2 }, 19);
    expect(status).toBe(201);
    expect(draw(spans)).toBe(
      [
        'order-service server POST /orders',
        '  order-service internal create-order',
        '    order-service internal price-order',
        '    order-service client GET',
        '      user-service server GET /users/:id',
        '        user-service internal get-user',
        '          user-service client pg.query:SELECT',
        '    order-service internal reserve-stock',
        '      order-service client pg.query:SELECT',
        '      order-service client pg.query:UPDATE',
        '    order-service client pg.query:INSERT',
        '    order-service client POST',
        '      payment-service server POST /payments',
        '        payment-service internal charge-card',
        '          payment-service client authorise',
        '    order-service producer send orders',
        '      shipping-service consumer process orders',
        '        shipping-service internal pack-parcel',
        '          shipping-service client pg.query:INSERT',
      ].join('\n'),
    );
    expect(spans.map((span) => span.status)).not.toContain('error');
    expect(attributesOf(get(spans, /create-order/))).toMatchObject({
      'user.id': 7n,
      'order.item': 'tea',
      'order.total_cents': 900n,
    });
    expect(attributesOf(get(spans, /user-service .*SELECT/))).toMatchObject({
      'db.system.name': 'postgresql',
      'db.query.text': 'SELECT id, name, email, plan FROM user_service.users WHERE id = $1',
    });
    expect(attributesOf(get(spans, /order-service .*INSERT/))['db.query.text']).toMatch(
      /^INSERT INTO order_service\.orders .* RETURNING id$/,
    );
    expect(get(spans, /INSERT/).scope.name).toBe('@opentelemetry/instrumentation-pg');
    expect(attributesOf(get(spans, /user-service server/).resource)).toMatchObject({
      'service.instance.id': 'user-service-1',
      'service.version': '1.4.2',
    });
  });

  test('is shipped in a tour of its own, which it and the tour’s trace link to', async () => {
    const { spans } = await traced.order({ userId: 8, item: 'cup', quantity: 1 }, 19);
    const sent = get(spans, /producer/);
    const processed = get(spans, /consumer/);
    const messaging = { 'messaging.system': 'shop-broker', 'messaging.destination.name': 'orders' };
    expect(attributesOf(sent)).toMatchObject({ ...messaging, 'messaging.operation.type': 'send' });
    expect(attributesOf(processed)).toMatchObject({
      ...messaging,
      'messaging.operation.type': 'process',
      'messaging.message.id': attributesOf(sent)['messaging.message.id'],
    });
    const batches = traced.sink.spans.filter((span) =>
      span.links.some((link) => link.spanId === sent.spanId),
    );
    expect(batches.map(describeSpan)).toEqual(['shipping-service client receive orders']);
    expect(batches[0]?.traceId).not.toBe(sent.traceId);
    expect(processed.links).toMatchObject([
      { traceId: batches[0]?.traceId, spanId: batches[0]?.spanId },
    ]);
  });

  test('of a business shows which SQL is slow', async () => {
    const { status, spans } = await traced.order({ userId: 10, item: 'cup', quantity: 1 }, 20);
    expect(status).toBe(201);
    const slow = spans.filter(
      ({ resource, scope, durationNano }) =>
        resource.service === 'user-service' &&
        scope.name.endsWith('-pg') &&
        durationNano > 500_000_000n,
    );
    expect(slow.map((span) => attributesOf(span)['db.query.text'])).toEqual([
      'SELECT user_service.credit_limit_cents($1) AS "creditLimitCents"',
    ]);
  });

  test('for nobody fails, and says so on both sides', async () => {
    const { status, text, spans } = await traced.order(
      { userId: 4711, item: 'tea', quantity: 1 },
      7,
    );
    expect([status, JSON.parse(text)]).toEqual([422, { error: 'user 4711 does not exist' }]);
    expect(get(spans, /create-order/)).toMatchObject({
      status: 'error',
      statusMessage: 'user 4711 does not exist',
    });
    expect(get(spans, /order-service .*GET/).status).toBe('error');
    expect(get(spans, /get-user/).status).toBe('unset');
  });

  test('by a card that has expired is cancelled; OpenTracing’s log says why', async () => {
    const { status, text, spans } = await traced.order(
      { userId: 113, item: 'tea', quantity: 1 },
      16,
    );
    expect([status, JSON.parse(text)]).toEqual([402, { error: 'the card has expired' }]);
    const charge = get(spans, /charge-card/);
    expect(charge.status).toBe('error');
    expect(charge.events.map((event) => [event.name, attributesOf(event)])).toMatchObject([
      ['card-checked', { 'card.expired': true }],
      ['exception', { 'exception.message': 'the card has expired' }],
    ]);
    expect(get(spans, /payment-service server/).status).toBe('unset');
    expect(attributesOf(get(spans, /DELETE/))['db.query.text']).toMatch(/order_service\.orders/);
  });

  test.each([
    ['{', 'the request is not JSON'],
    [{ userId: 1, item: 'tea', quantity: 0 }, 'quantity is not a whole number above zero'],
    [{ userId: 1, item: 'cake', quantity: 1 }, 'item is not one of tea, coffee, cup, kettle'],
  ])('of %j is refused before anybody is asked', async (body, error) => {
    const { status, text, spans } = await traced.order(body, 2);
    expect([status, JSON.parse(text)]).toEqual([400, { error }]);
    expect(get(spans, /create-order/)).toMatchObject({ status: 'error', statusMessage: error });
  });

  test('that is too large is refused by the database, which the trace shows', async () => {
    const { status, spans } = await traced.order({ userId: 1, item: 'tea', quantity: 5000 }, 11);
    expect(status).toBe(500);
    expect(get(spans, /INSERT/)).toMatchObject({
      status: 'error',
      statusMessage: expect.stringContaining('fits_the_lorry') as string,
    });
    expect(get(spans, /POST \/orders/).status).toBe('error');
  });
});
