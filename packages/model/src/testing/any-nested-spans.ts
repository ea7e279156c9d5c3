import * as fc from 'fast-check';
import { SPAN_STATUSES } from '../span.ts';
import type { Span, SpanKind } from '../span.ts';
import { durationNano, unixNano } from '../time.ts';
import { assembleTrace } from '../trace.ts';
import { exampleSpan, spanIdOf, traceIdOf } from './example-span.ts';

const { resource } = exampleSpan();
const resources = [resource, { ...resource, service: 'order-service' }];
const START = 1_700_000_000_000_000_000n;

/**
 * The spans of a trace as senders mean them, ordered by start: most children within their parents, beside and behind each other and
 * of few lengths, so that what waits for what matters; some begin before or outlast them, and some have no length.
 */
export const anyNestedSpans: fc.Arbitrary<readonly Span[]> = fc
  .array(
    fc.record({
      parent: fc.nat(1000),
      kind: fc.constantFrom<SpanKind>('internal', 'client', 'server', 'producer', 'consumer'),
      resource: fc.constantFrom(...resources),
      name: fc.constantFrom('a', 'b'),
      status: fc.constantFrom(...SPAN_STATUSES),
      from: fc.integer({ min: -5, max: 100 }),
      length: fc.integer({ min: 0, max: 105 }),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((drawn) => {
    const made: { start: number; length: number }[] = [];
    const spans = drawn.map(({ parent, from, length, ...rest }, at) => {
      const parentAt = at === 0 ? -1 : parent % at;
      const around = made[parentAt] ?? { start: 0, length: 100 };
      const start = around.start + Math.round((from / 100) * around.length);
      const room = around.length - (start - around.start);
      const own = { start, length: Math.max(0, Math.round((length / 100) * room)) };
      made.push(own);
      return exampleSpan({
        ...rest,
        spanId: spanIdOf(at + 1),
        parentSpanId: parentAt < 0 ? undefined : spanIdOf(parentAt + 1),
        startUnixNano: unixNano(START + BigInt(own.start)),
        durationNano: durationNano(BigInt(own.length)),
      });
    });
    return assembleTrace(traceIdOf(1), spans).spans;
  });
