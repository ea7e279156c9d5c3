import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatHex } from './ids.ts';
import { SPAN_KINDS, SPAN_STATUSES } from './span.ts';
import type { Span } from './span.ts';
import { anySpans } from './testing/any-spans.ts';
import { exampleSpan, spanIdOf, traceIdOf } from './testing/example-span.ts';
import { durationNano, unixNano } from './time.ts';
import { toTraceColumns } from './trace-columns.ts';
import type { TraceColumns } from './trace-columns.ts';
import { buildTraceTree, growTraceTree } from './trace-tree.ts';

/** What the columns say of each span, put together again. */
function readRows(columns: TraceColumns): unknown[] {
  return Array.from({ length: columns.spanCount }, (_, i) => ({
    spanId: formatHex(columns.spanIds, i * 8, i * 8 + 8),
    startUnixNano: columns.startUnixNano + BigInt(columns.startsNs[i] ?? 0),
    durationNano: BigInt(columns.durationsNs[i] ?? 0),
    service: columns.services[columns.serviceIndexes[i] ?? -1],
    name: columns.names[columns.nameIndexes[i] ?? -1],
    kind: SPAN_KINDS[columns.kinds[i] ?? -1],
    status: SPAN_STATUSES[columns.statuses[i] ?? -1],
    attributeCount: columns.attributeCounts[i],
    linkCount: columns.linkCounts[i],
  }));
}

function toRow(span: Span): unknown {
  const { spanId, startUnixNano, durationNano, resource, name, kind, status } = span;
  return {
    spanId,
    startUnixNano,
    durationNano,
    service: resource.service,
    name,
    kind,
    status,
    attributeCount: span.attributes.length,
    linkCount: span.links.length,
  };
}

describe('the columns of a trace', () => {
  test('say of each span what a timeline shows', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const columns = toTraceColumns({ traceId: traceIdOf(1), spans });
        expect(readRows(columns)).toEqual(spans.map(toRow));
        expect(new Set(columns.names).size).toBe(columns.names.length);
      }),
      { numRuns: 200 },
    );
  });

  test('have the tree of the spans in them', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const { parents, missingParentCount } = toTraceColumns({ traceId: traceIdOf(1), spans });
        const tree = buildTraceTree(spans);
        expect(growTraceTree(parents)).toEqual(tree);
        const missing = new Set(tree.orphans.map((index) => spans[index]?.parentSpanId));
        expect(missingParentCount).toBe(missing.size);
      }),
      { numRuns: 200 },
    );
  });

  test('have the events of each span, which may be before the trace', () => {
    const event = (offset: bigint, name: string): Span['events'][number] => ({
      timeUnixNano: unixNano(1000n + offset),
      name,
      attributes: [],
      droppedAttributesCount: 0,
    });
    const startUnixNano = unixNano(1000n);
    const spans = [
      exampleSpan({ startUnixNano, events: [event(5n, 'retry'), event(-3n, 'exception')] }),
      exampleSpan({ startUnixNano, spanId: spanIdOf(2) }),
      exampleSpan({ startUnixNano, spanId: spanIdOf(3), events: [event(7n, 'retry')] }),
    ];
    const columns = toTraceColumns({ traceId: traceIdOf(1), spans });
    expect([...columns.eventFirsts]).toEqual([0, 2, 2, 3]);
    expect([...columns.eventTimesNs]).toEqual([5, -3, 7]);
    expect(columns.eventNames).toEqual(['retry', 'exception']);
    expect([...columns.eventNameIndexes]).toEqual([0, 1, 0]);
  });

  test('have times of more than 104 days as the nearest double', () => {
    const spans = [
      exampleSpan({ startUnixNano: unixNano(0n) }),
      exampleSpan({
        startUnixNano: unixNano(2n ** 53n + 1n),
        durationNano: durationNano(2n ** 64n - 1n),
      }),
    ];
    const columns = toTraceColumns({ traceId: traceIdOf(1), spans });
    expect([...columns.startsNs]).toEqual([0, 2 ** 53]);
    expect(columns.durationsNs[1]).toBe(2 ** 64);
  });

  test('of no spans are empty', () => {
    const columns = toTraceColumns({ traceId: traceIdOf(1), spans: [] });
    expect(columns.spanCount).toBe(0);
    expect([...columns.eventFirsts]).toEqual([0]);
  });
});
