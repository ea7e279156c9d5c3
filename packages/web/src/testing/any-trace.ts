/** Made-up traces for properties: any tree, any overlap, few names, so that much is the same. */
import fc from 'fast-check';
import { buildTraceView } from '../trace/trace-view.ts';
import type { TraceView } from '../trace/trace-view.ts';
import { toColumns, toTraceJson } from './trace-fixtures.ts';
import type { FixtureSpan } from './trace-fixtures.ts';

/** Of 1 to 40 spans, with roots, orphans, failures, and children that outlast their parents. */
export const anyTraceView: fc.Arbitrary<TraceView> = fc
  .array(
    fc.record({
      parent: fc.nat(45),
      service: fc.constantFrom('a', 'b', 'c'),
      name: fc.constantFrom('x', 'y', ''),
      startNs: fc.nat(60),
      durationNs: fc.nat(50),
      isFailed: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((spans) =>
    buildTraceView(
      toColumns(
        toTraceJson(
          spans.map((span, at): FixtureSpan => ({
            ...span,
            id: at + 1,
            parent: span.parent === 0 ? undefined : span.parent,
          })),
        ),
      ),
    ),
  );

export function sumOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
