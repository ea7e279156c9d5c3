import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitrarySpanId, arbitraryTraceId } from '../testing/arbitrary-span.ts';
import { formatTraceparent, parseTraceparent } from './traceparent.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';

describe('parseTraceparent', () => {
  test('reads what the specification shows', () => {
    expect(parseTraceparent(`00-${TRACE_ID}-${SPAN_ID}-01`)).toEqual({
      traceId: TRACE_ID,
      spanId: SPAN_ID,
      flags: 1,
    });
  });

  test('reads what it wrote', () => {
    const flags = fc.integer({ min: 0, max: 3 });
    fc.assert(
      fc.property(arbitraryTraceId, arbitrarySpanId, flags, (traceId, spanId, flags) => {
        const context = { traceId, spanId, flags };
        expect(parseTraceparent(formatTraceparent(context))).toEqual(context);
      }),
    );
  });

  test('keeps the flags of version 00 as they are, and of later versions those it knows', () => {
    expect(parseTraceparent(`00-${TRACE_ID}-${SPAN_ID}-ff`)?.flags).toBe(0xff);
    expect(parseTraceparent(`cc-${TRACE_ID}-${SPAN_ID}-ff`)?.flags).toBe(0x03);
  });

  test.each([
    `cc-${TRACE_ID}-${SPAN_ID}-01`,
    `01-${TRACE_ID}-${SPAN_ID}-01-what-the-future-will-be-like`,
    `fe-${TRACE_ID}-${SPAN_ID}-01-`,
  ])('tolerates the later version %j', (header) => {
    expect(parseTraceparent(header)).toMatchObject({ traceId: TRACE_ID, spanId: SPAN_ID });
  });

  test.each([
    ['version ff', `ff-${TRACE_ID}-${SPAN_ID}-01`],
    ['a zero trace id', `00-${'0'.repeat(32)}-${SPAN_ID}-01`],
    ['a zero span id', `00-${TRACE_ID}-${'0'.repeat(16)}-01`],
    ['upper-case digits', `00-${TRACE_ID.toUpperCase()}-${SPAN_ID}-01`],
    ['more after version 00', `00-${TRACE_ID}-${SPAN_ID}-01-more`],
    ['a later version that goes on without a dash', `01-${TRACE_ID}-${SPAN_ID}-01more`],
    ['a short trace id', `00-${TRACE_ID.slice(1)}-${SPAN_ID}-01`],
    ['a digit that is none', `00-${TRACE_ID}-${SPAN_ID}-0x`],
    ['a space in front', ` 00-${TRACE_ID}-${SPAN_ID}-01`],
    ['a line break behind', `00-${TRACE_ID}-${SPAN_ID}-01\n`],
    ['nothing', ''],
  ])('refuses %s', (_, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  test('takes any text', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect(parseTraceparent(header)).toBeUndefined();
      }),
    );
  });
});

test('formatTraceparent leaves out flags that version 00 does not have', () => {
  const context = parseTraceparent(`00-${TRACE_ID}-${SPAN_ID}-ff`);
  expect(context && formatTraceparent(context)).toBe(`00-${TRACE_ID}-${SPAN_ID}-03`);
});
