import { diffTraces } from '@clew/api';
import { assembleTrace } from '@clew/model';
import type { Span, Trace } from '@clew/model';
import { describe, expect, test } from 'vitest';
import {
  RESOURCE,
  TRACE_ID,
  exampleSpan,
  spanId,
} from '../../query/testing/canned-trace-reader.ts';
import { diffToJson } from './diff-json.ts';
import type { DiffLimits } from './diff-json.ts';

const LIMITS: DiffLimits = { items: 3, changes: 2, changesLength: 100_000 };

/** A root with four children of a name each, and changes that `value` makes. */
function traceOf(names: string, value: string, changes: Partial<Span> = {}): Trace {
  const root = exampleSpan();
  const attributes = ['a', 'b', 'c'].map((key) => ({
    key,
    value: { type: 'string' as const, value },
  }));
  const children = Array.from({ length: 4 }, (_, i) =>
    exampleSpan({
      spanId: spanId(String(i + 1)),
      parentSpanId: root.spanId,
      name: `${names}-${i}`,
      attributes,
      ...changes,
    }),
  );
  return assembleTrace(TRACE_ID, [root, ...children]);
}

describe('diffToJson', () => {
  test('lists no more than the limit, with counts that stay true', () => {
    const json = diffToJson(traceOf('a', ''), traceOf('b', ''), LIMITS);
    expect(json.counts).toMatchObject({ matched: 1, added: 4, removed: 4, groups: 9 });
    expect([json.added, json.removed, json.groups].map(({ length }) => length)).toEqual([3, 3, 3]);
    expect(json.isCut).toBe(true);
    expect(diffTraces.response.parse(json)).toEqual(json);
  });

  test('is not cut where everything fits', () => {
    const json = diffToJson(traceOf('a', ''), traceOf('b', ''));
    expect(json.groups).toHaveLength(9);
    expect(json.isCut).toBe(false);
  });

  test('lists those pairs first whose self times differ most', () => {
    const base = traceOf('a', '');
    const spans = base.spans.map((span, i) => ({
      ...span,
      durationNano: (span.durationNano + BigInt(i * i)) as Span['durationNano'],
    }));
    const { matched } = diffToJson(base, { ...base, spans });
    const sizes = matched.map(({ selfTimeDifferenceNano }) =>
      Math.abs(Number(selfTimeDifferenceNano)),
    );
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(sizes[0]).toBeGreaterThan(0);
  });

  test('lists the first keys of what changed, and counts the rest', () => {
    const limits = { ...LIMITS, items: 10 };
    const json = diffToJson(traceOf('a', 'x'), traceOf('a', 'y'), limits);
    const child = json.matched.find(({ name }) => name === 'a-0');
    expect(child?.attributes.map(({ key }) => key)).toEqual(['a', 'b']);
    expect(child?.attributeChangeCount).toBe(3);
    expect(json.isCut).toBe(true);
  });

  test('of values that are long together only the first are listed', () => {
    const limits = { items: 10, changes: 64, changesLength: 25_000 };
    const base = traceOf('a', 'x'.repeat(5000));
    const json = diffToJson(base, traceOf('a', 'y'.repeat(5000)), limits);
    expect(JSON.stringify(json).length).toBeLessThan(35_000);
    expect(json.groups.find(({ name }) => name === 'a-0')?.attributes).not.toEqual([]);
    const counts = json.matched.map(({ name, attributeChangeCount }) => [
      name,
      attributeChangeCount,
    ]);
    expect(counts).toHaveLength(5);
    for (const [name, count] of counts) expect(count).toBe(name === 'create-order' ? 0 : 3);
    expect(json.isCut).toBe(true);
  });

  test('cuts messages, which may be whole stack traces', () => {
    const failed = traceOf('a', '', { status: 'error', statusMessage: 'x'.repeat(60_000) });
    const json = diffToJson(traceOf('a', ''), failed);
    const child = json.matched.find(({ name }) => name === 'a-0');
    expect(child?.status?.other).toEqual({ status: 'error', message: 'x'.repeat(1000) });
  });

  test('names resources that differ', () => {
    const version = { key: 'service.version', value: { type: 'string' as const, value: '2' } };
    const resource = { ...RESOURCE, attributes: [...RESOURCE.attributes, version] };
    const { resources } = diffToJson(traceOf('a', ''), traceOf('a', '', { resource }));
    expect(resources).toEqual([
      {
        service: 'order-service',
        matchedCount: 4,
        attributes: [{ key: 'service.version', other: { type: 'string', value: '2' } }],
        attributeChangeCount: 1,
      },
    ]);
  });
});
