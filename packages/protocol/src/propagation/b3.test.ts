import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitrarySpanId, arbitraryTraceId } from '../testing/arbitrary-span.ts';
import { formatB3, formatB3Fields, parseB3, parseB3Fields } from './b3.ts';
import type { B3Context } from './b3.ts';

const TRACE_ID = '80f198ee56343ba864fe8b2a57d3eff7';
const SPAN_ID = 'e457b5a2e4d86bd1';
const PARENT_ID = '05e3ac9a4f6e3b90';
const ids = { traceId: TRACE_ID, spanId: SPAN_ID };

const arbitraryContext: fc.Arbitrary<B3Context> = fc.record({
  ids: fc.record({ traceId: arbitraryTraceId, spanId: arbitrarySpanId }),
  sampling: fc.constantFrom('accept', 'deny', 'debug', 'defer'),
});

describe('parseB3', () => {
  test.each([
    [`${TRACE_ID}-${SPAN_ID}-1-${PARENT_ID}`, { ids, sampling: 'accept' }],
    [`${TRACE_ID}-${SPAN_ID}-0`, { ids, sampling: 'deny' }],
    [`${TRACE_ID}-${SPAN_ID}-d`, { ids, sampling: 'debug' }],
    [`${TRACE_ID}-${SPAN_ID}`, { ids, sampling: 'defer' }],
    ['0', { ids: undefined, sampling: 'deny' }],
    ['1', { ids: undefined, sampling: 'accept' }],
    ['d', { ids: undefined, sampling: 'debug' }],
    [
      `64fe8b2a57d3eff7-${SPAN_ID}-1`,
      { ids: { traceId: '000000000000000064fe8b2a57d3eff7', spanId: SPAN_ID }, sampling: 'accept' },
    ],
  ])('reads %j', (header, expected) => {
    expect(parseB3(header)).toEqual(expected);
  });

  test.each([
    ['nothing', ''],
    ['a trace id alone', TRACE_ID],
    ['a zero trace id', `${'0'.repeat(32)}-${SPAN_ID}-1`],
    ['a zero span id', `${TRACE_ID}-${'0'.repeat(16)}-1`],
    ['upper-case digits', `${TRACE_ID.toUpperCase()}-${SPAN_ID}-1`],
    ['a trace id of 24 digits', `${TRACE_ID.slice(8)}-${SPAN_ID}-1`],
    ['a decision that is none', `${TRACE_ID}-${SPAN_ID}-x`],
    ['an empty decision', `${TRACE_ID}-${SPAN_ID}-`],
    ['a parent that is none', `${TRACE_ID}-${SPAN_ID}-1-abc`],
    ['a fifth part', `${TRACE_ID}-${SPAN_ID}-1-${PARENT_ID}-1`],
    ['a blank', ` ${TRACE_ID}-${SPAN_ID}-1`],
  ])('refuses %s', (_, header) => {
    expect(parseB3(header)).toBeUndefined();
  });

  test('reads what it wrote, and takes any text', () => {
    fc.assert(
      fc.property(arbitraryContext, (context) => {
        expect(parseB3(formatB3(context))).toEqual(context);
      }),
    );
    expect(formatB3({ ids: undefined, sampling: 'deny' })).toBe('0');
    fc.assert(fc.property(fc.string(), (header) => void parseB3(header)));
  });
});

describe('parseB3Fields', () => {
  const none = { traceId: undefined, spanId: undefined, sampled: undefined, flags: undefined };

  test('reads what it wrote', () => {
    fc.assert(
      fc.property(arbitraryContext, (context) => {
        expect(parseB3Fields(formatB3Fields(context))).toEqual(context);
      }),
    );
  });

  test('takes true and false of older senders, and a decision alone', () => {
    expect(parseB3Fields({ ...none, ...ids, sampled: 'true' })?.sampling).toBe('accept');
    expect(parseB3Fields({ ...none, ...ids, sampled: 'false' })?.sampling).toBe('deny');
    expect(parseB3Fields({ ...none, sampled: '0' })).toEqual({ ids: undefined, sampling: 'deny' });
    expect(parseB3Fields({ ...none, ...ids, sampled: '0', flags: '1' })?.sampling).toBe('debug');
    expect(parseB3Fields({ ...none, ...ids, sampled: 'x', flags: '7' })?.sampling).toBe('defer');
  });

  test('refuses nothing, half of the ids, and malformed ones', () => {
    expect(parseB3Fields(none)).toBeUndefined();
    expect(parseB3Fields({ ...none, traceId: TRACE_ID, sampled: '1' })).toBeUndefined();
    expect(parseB3Fields({ ...none, spanId: SPAN_ID })).toBeUndefined();
    expect(parseB3Fields({ ...none, ...ids, spanId: 'x' })).toBeUndefined();
  });

  test('sends the debug flag instead of the decision that it implies', () => {
    expect(formatB3Fields({ ids: undefined, sampling: 'debug' })).toEqual({ ...none, flags: '1' });
  });
});
