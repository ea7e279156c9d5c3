import { decodeTraceColumns } from '@clew/api';
import { assembleTrace, durationNano, toTraceColumns, unixNano } from '@clew/model';
import type { Span } from '@clew/model';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  RESOURCE,
  TRACE_ID,
  exampleSpan,
  spanId,
} from '../../query/testing/canned-trace-reader.ts';
import { encodeTraceColumns } from './trace-columns.ts';

const id = fc.integer({ min: 1, max: 20 }).map((number) => spanId(number.toString(16)));
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const text = fc.string({ unit: 'grapheme', maxLength: 8 });

const anySpan: fc.Arbitrary<Span> = fc
  .record({
    spanId: id,
    parentSpanId: fc.option(id, { nil: undefined }),
    name: text,
    service: text,
    start: uint64,
    duration: uint64,
    kind: fc.constantFrom('client' as const, 'server' as const, 'internal' as const),
    status: fc.constantFrom('unset' as const, 'error' as const),
    eventNames: fc.array(text, { maxLength: 3 }),
    eventTime: uint64,
  })
  .map(({ service, start, duration, eventNames, eventTime, ...fields }) =>
    exampleSpan({
      ...fields,
      resource: { ...RESOURCE, service },
      startUnixNano: unixNano(start),
      durationNano: durationNano(duration),
      events: eventNames.map((name) => ({
        timeUnixNano: unixNano(eventTime),
        name,
        attributes: [],
        droppedAttributesCount: 0,
      })),
    }),
  );

test('the columns of any trace are read back as they were', () => {
  fc.assert(
    fc.property(fc.array(anySpan, { maxLength: 40 }), (spans) => {
      const columns = toTraceColumns(assembleTrace(TRACE_ID, spans));
      const bytes = Buffer.concat([...encodeTraceColumns(columns)]);
      const { buffer } = new Uint8Array(bytes);
      expect(decodeTraceColumns(buffer)).toEqual(columns);
    }),
    { numRuns: 300 },
  );
});
