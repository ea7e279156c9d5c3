import { propagation, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { activeContext, extract, inject } from '../index.ts';
import {
  CARRIED_CONTEXT,
  OTHER,
  SPAN_ID,
  TRACEPARENT,
  TRACE_ID,
} from '../testing/carried-context.ts';
import { createPropagator } from './create-propagator.ts';

beforeAll(() => {
  propagation.setGlobalPropagator(createPropagator(['tracecontext', 'baggage', 'jaeger']));
});

afterAll(() => {
  propagation.disable();
});

function traceIdOf(found: Context): string | undefined {
  return trace.getSpanContext(found)?.traceId;
}

describe('inject and extract', () => {
  test.each([
    ['a plain object', () => ({})],
    ['Headers', () => new Headers()],
    ['a Map', () => new Map<string, string>()],
    ['an array of names and values', (): [string, string][] => []],
  ])('carry the trace and the baggage in %s', (_, create) => {
    const carrier = create();
    expect(inject(carrier, CARRIED_CONTEXT)).toBe(carrier);
    const found = extract(carrier);
    expect(trace.getSpanContext(found)).toMatchObject({ traceId: TRACE_ID, spanId: SPAN_ID });
    expect(propagation.getBaggage(found)?.getEntry('user')?.value).toBe('Zoë');
  });

  test('replace what a message that is handed on has already, in any case', () => {
    const object = inject({ Traceparent: OTHER, Other: '1' }, CARRIED_CONTEXT);
    expect(object).toMatchObject({ Traceparent: TRACEPARENT, Other: '1' });
    expect(object).not.toHaveProperty('traceparent');
    const entries = inject(
      [
        ['TRACEPARENT', OTHER],
        ['x', '1'],
        ['traceparent', OTHER],
      ],
      CARRIED_CONTEXT,
    );
    expect(entries.filter(([name]) => name?.toLowerCase() === 'traceparent')).toEqual([
      ['traceparent', TRACEPARENT],
    ]);
    expect(traceIdOf(extract(entries))).toBe(TRACE_ID);
  });

  test('read the bytes of Kafka, and lists of them', () => {
    const bytes = Buffer.from(TRACEPARENT);
    expect(traceIdOf(extract({ traceparent: bytes }))).toBe(TRACE_ID);
    expect(traceIdOf(extract({ traceparent: [bytes] }))).toBe(TRACE_ID);
    expect(traceIdOf(extract([['traceparent', bytes]]))).toBe(TRACE_ID);
    expect(traceIdOf(extract(new Map([['Traceparent', bytes]])))).toBe(TRACE_ID);
    const bare: object = Object.assign(Object.create(null), { TRACEPARENT: bytes });
    expect(traceIdOf(extract(bare))).toBe(TRACE_ID);
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['two that contradict each other', { traceparent: [TRACEPARENT, OTHER] }],
    [
      'two entries that contradict each other',
      [
        ['traceparent', TRACEPARENT],
        ['traceparent', OTHER],
      ],
    ],
    ['values of odd types', { traceparent: 7, baggage: { a: 1 }, tracestate: null }],
    ['bytes that are no text', { traceparent: Buffer.from([0xff, 0xfe]) }],
    ['entries of odd shapes', [null, 'traceparent', [], [7, 7], ['traceparent']]],
    [
      'a Map of odd keys',
      new Map<unknown, unknown>([
        [{}, 1],
        [7, TRACEPARENT],
      ]),
    ],
    [
      'a getter that throws',
      Object.defineProperty({}, 'traceparent', {
        enumerable: true,
        get: () => {
          throw new Error('no');
        },
      }),
    ],
  ])('take %s for headers without a trace', (_, carrier) => {
    expect(extract(carrier, CARRIED_CONTEXT)).toBe(CARRIED_CONTEXT);
    expect(extract(carrier)).toBe(activeContext());
  });

  test('leave headers alone that cannot be written to', () => {
    const frozen = Object.freeze({ a: 1 });
    expect(inject(frozen, CARRIED_CONTEXT)).toEqual({ a: 1 });
    const entries = Object.freeze([['a', '1']]);
    expect(inject(entries, CARRIED_CONTEXT)).toEqual([['a', '1']]);
  });

  test('find every header of a message that has very many', () => {
    const names = Array.from({ length: 20_000 }, (_, i) => `x-${i}`);
    const many = [...names, ...Array.from({ length: 180 }, (_, i) => `Uberctx-K${i}`)];
    const entries = [...many, 'Traceparent'].map((name) => [
      name,
      name === 'Traceparent' ? TRACEPARENT : '1',
    ]);
    for (const carrier of [entries, Object.fromEntries(entries), new Map(entries as never)]) {
      const found = extract(carrier as object);
      expect(traceIdOf(found)).toBe(TRACE_ID);
      expect(propagation.getBaggage(found)?.getAllEntries()).toHaveLength(180);
    }
  });
});
