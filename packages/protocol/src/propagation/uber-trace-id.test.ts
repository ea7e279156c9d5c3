import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitrarySpanId, arbitraryTraceId } from '../testing/arbitrary-span.ts';
import { formatUberTraceId, parseUberTraceId } from './uber-trace-id.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';

describe('parseUberTraceId', () => {
  test.each([
    [`${TRACE_ID}:${SPAN_ID}:0:1`, { traceId: TRACE_ID, spanId: SPAN_ID, flags: 1 }],
    [`${TRACE_ID.toUpperCase()}:${SPAN_ID}:0:1`, { traceId: TRACE_ID, spanId: SPAN_ID, flags: 1 }],
    [`${TRACE_ID}%3A${SPAN_ID}%3a0%3A03`, { traceId: TRACE_ID, spanId: SPAN_ID, flags: 3 }],
    [`${TRACE_ID}:${SPAN_ID}::1`, { traceId: TRACE_ID, spanId: SPAN_ID, flags: 1 }],
    [`${TRACE_ID}:${SPAN_ID}:0:0b`, { traceId: TRACE_ID, spanId: SPAN_ID, flags: 11 }],
    [
      `8448eb211c80319c:${SPAN_ID}:${SPAN_ID}:1`,
      { traceId: '00000000000000008448eb211c80319c', spanId: SPAN_ID, flags: 1 },
    ],
    [
      'abc:1:0:0',
      { traceId: '00000000000000000000000000000abc', spanId: '0000000000000001', flags: 0 },
    ],
  ])('reads %j', (header, expected) => {
    expect(parseUberTraceId(header)).toEqual(expected);
  });

  test.each([
    ['a zero trace id', `0:${SPAN_ID}:0:1`],
    ['a zero span id', `${TRACE_ID}:0:0:1`],
    ['a long trace id', `1${TRACE_ID}:${SPAN_ID}:0:1`],
    ['three parts', `${TRACE_ID}:${SPAN_ID}:1`],
    ['five parts', `${TRACE_ID}:${SPAN_ID}:0:1:1`],
    ['no flags', `${TRACE_ID}:${SPAN_ID}:0:`],
    ['flags of three digits', `${TRACE_ID}:${SPAN_ID}:0:001`],
    ['two headers in one', `${TRACE_ID}:${SPAN_ID}:0:1, ${TRACE_ID}:${SPAN_ID}:0:1`],
    ['nothing', ''],
  ])('refuses %s', (_, header) => {
    expect(parseUberTraceId(header)).toBeUndefined();
  });

  test('reads what it wrote, and takes any text', () => {
    const flags = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(arbitraryTraceId, arbitrarySpanId, flags, (traceId, spanId, flags) => {
        const context = { traceId, spanId, flags };
        expect(parseUberTraceId(formatUberTraceId(context))).toEqual(context);
      }),
    );
    fc.assert(fc.property(fc.string(), (header) => void parseUberTraceId(header)));
  });
});
