import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SPAN_KINDS } from './span.ts';
import type { Span } from './span.ts';
import { exampleSpan, spanIdOf, traceIdOf } from './testing/example-span.ts';
import { durationNano, unixNano } from './time.ts';
import { assembleTrace } from './trace.ts';

const traceId = traceIdOf(1);
const userService = exampleSpan().resource;
const orderService = { ...userService, service: 'order-service' };

const anySpan: fc.Arbitrary<Span> = fc
  .record({
    id: fc.integer({ min: 1, max: 4 }),
    start: fc.bigInt({ min: 0n, max: 3n }),
    kind: fc.constantFrom(...SPAN_KINDS),
    resource: fc.constantFrom(userService, orderService),
  })
  .map(({ id, start, kind, resource }) =>
    exampleSpan({ spanId: spanIdOf(id), startUnixNano: unixNano(start), kind, resource }),
  );

describe('assembleTrace', () => {
  test('a span that was sent twice is one span', () => {
    const first = exampleSpan();
    const trace = assembleTrace(traceId, [first, exampleSpan()]);
    expect(trace.spans).toEqual([first]);
  });

  test('of two copies that differ the fuller one counts, whichever came first', () => {
    const brief = exampleSpan({ durationNano: durationNano(1n) });
    const bare = exampleSpan({ durationNano: durationNano(9n) });
    const attributes = [{ key: 'a', value: { type: 'bool' as const, value: true } }];
    const whole = exampleSpan({ durationNano: durationNano(9n), attributes });
    expect(assembleTrace(traceId, [brief, whole, bare]).spans).toEqual([whole]);
    expect(assembleTrace(traceId, [bare, whole, brief]).spans).toEqual([whole]);
  });

  test('a client and a server span that share an id stay two', () => {
    const client = exampleSpan({ kind: 'client', resource: orderService });
    const server = exampleSpan({ kind: 'server' });
    expect(assembleTrace(traceId, [client, server]).spans).toHaveLength(2);
  });

  test('spans are ordered by start and then by id, whatever order they came in', () => {
    const late = exampleSpan({ spanId: spanIdOf(1), startUnixNano: unixNano(2n) });
    const early = exampleSpan({ spanId: spanIdOf(3), startUnixNano: unixNano(1n) });
    const earlyToo = exampleSpan({ spanId: spanIdOf(2), startUnixNano: unixNano(1n) });
    expect(assembleTrace(traceId, [late, early, earlyToo]).spans).toEqual([earlyToo, early, late]);
  });

  test('the same spans in any order make the same trace', () => {
    const shuffled = fc
      .array(anySpan, { maxLength: 12 })
      .chain((spans) =>
        fc.tuple(
          fc.constant(spans),
          fc.shuffledSubarray(spans, { minLength: spans.length, maxLength: spans.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([spans, other]) => {
        expect(assembleTrace(traceId, other)).toEqual(assembleTrace(traceId, spans));
      }),
    );
  });

  test('assembling what was assembled changes nothing', () => {
    fc.assert(
      fc.property(fc.array(anySpan), (spans) => {
        const trace = assembleTrace(traceId, spans);
        expect(assembleTrace(traceId, trace.spans)).toEqual(trace);
      }),
    );
  });

  test('no spans make an empty trace', () => {
    expect(assembleTrace(traceId, [])).toEqual({ traceId, spans: [] });
  });
});
