import * as fc from 'fast-check';
import { SPAN_STATUSES } from '../span.ts';
import type { Span, SpanKind } from '../span.ts';
import { durationNano, unixNano } from '../time.ts';
import { assembleTrace } from '../trace.ts';
import { exampleSpan, spanIdOf, traceIdOf } from './example-span.ts';

const { resource } = exampleSpan();
const resources = [resource, { ...resource, service: 'order-service' }];

/**
 * The spans of a trace, ordered by start: few ids, names and moments, so that orphans, cycles, doubled and shared ids,
 * children outside their parents and spans without a length all come up.
 */
export const anySpans: fc.Arbitrary<readonly Span[]> = fc
  .array(
    fc
      .record({
        id: fc.integer({ min: 1, max: 12 }),
        parentId: fc.option(fc.integer({ min: 1, max: 14 }), { nil: undefined }),
        name: fc.constantFrom('a', 'b'),
        kind: fc.constantFrom<SpanKind>('internal', 'client', 'server'),
        resource: fc.constantFrom(...resources),
        start: fc.nat(40),
        length: fc.nat(30),
        status: fc.constantFrom(...SPAN_STATUSES),
        attributes: fc.uniqueArray(
          fc.record({
            key: fc.constantFrom('x', 'y', 'z'),
            value: fc.record({ type: fc.constant('bool' as const), value: fc.boolean() }),
          }),
          { selector: ({ key }) => key },
        ),
      })
      .map(({ id, parentId, start, length, ...rest }) =>
        exampleSpan({
          ...rest,
          spanId: spanIdOf(id),
          parentSpanId: parentId === undefined ? undefined : spanIdOf(parentId),
          startUnixNano: unixNano(1_700_000_000_000_000_000n + BigInt(start)),
          durationNano: durationNano(BigInt(length)),
        }),
      ),
    { maxLength: 30 },
  )
  .map((spans) => assembleTrace(traceIdOf(1), spans).spans);
