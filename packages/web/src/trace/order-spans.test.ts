import { describe, expect, test } from 'vitest';
import { allIndexes } from '../base/sort-indexes.ts';
import { orderTrace, toView } from '../testing/trace-fixtures.ts';
import { orderEvents, spanOfEvent } from './order-events.ts';
import { orderSpans } from './order-spans.ts';
import type { SpanOrder } from './order-spans.ts';
import { eventNameOf, nameOf } from './trace-view.ts';

const view = toView(orderTrace({ isFailed: true }));

function names(by: SpanOrder, direction: 1 | -1): readonly string[] {
  const order = orderSpans(view, allIndexes(view.spanCount), { by, direction });
  return Array.from(order, (index) => nameOf(view, index));
}

describe('orderSpans', () => {
  test('orders by time, by text and by status', () => {
    expect(names('duration', -1).slice(0, 3)).toEqual(['POST /orders', 'create-order', 'GET']);
    expect(names('self', -1).slice(0, 2)).toEqual(['INSERT orders', 'SELECT users']);
    expect(names('name', 1).slice(0, 3)).toEqual(['GET', 'GET /users/{id}', 'INSERT orders']);
    expect(names('service', -1)[0]).toBe('GET /users/{id}');
    expect(names('status', -1).slice(0, 3)).toEqual([
      'POST /orders',
      'create-order',
      'INSERT orders',
    ]);
  });
});

describe('orderEvents', () => {
  test('goes by time over all spans, and knows whose each is', () => {
    const events = Array.from(orderEvents(view), (event) => [
      eventNameOf(view, event),
      nameOf(view, spanOfEvent(view, event)),
    ]);
    expect(events).toEqual([
      ['basket.validated', 'create-order'],
      ['exception', 'INSERT orders'],
    ]);
  });
});
