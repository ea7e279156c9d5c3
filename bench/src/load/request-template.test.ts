import { SpanBlock, assembleTrace, buildTraceTree } from '@clew/model';
import type { Span, TraceId } from '@clew/model';
import {
  decodeJaegerThrift,
  decodeTracesProtobuf,
  decodeZipkinJson,
  readSpans,
} from '@clew/protocol';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Acknowledgements } from './acknowledgements.ts';
import { spanNumberOf } from './identity.ts';
import { createTemplates } from './request-template.ts';
import type { RequestTemplate, Stamp } from './request-template.ts';

const SPANS = 2000;
const SEED = 0xdecade;
const NOW_MS = Date.UTC(2026, 10, 22);
const stamp: Stamp = { seed: SEED, request: 6, nowUnixMs: NOW_MS };
const [template, otherHalf] = createTemplates(1, SPANS) as [RequestTemplate, RequestTemplate];

function spansOf(bytes: Uint8Array): Span[] {
  const block = new SpanBlock('default');
  expect(decodeTracesProtobuf(bytes, block).count).toBe(0);
  return readSpans(block);
}

function idsOf({ traceId, spanId }: Span): DataView {
  return new DataView(Uint8Array.from(Buffer.from(traceId + spanId, 'hex')).buffer);
}

describe('a stamped request', () => {
  template.stamp(stamp);
  const first = Uint8Array.from(template.bytes);
  const spans = spansOf(first);
  otherHalf.stamp({ ...stamp, request: 7 });
  const bothHalves = [...spans, ...spansOf(otherHalf.bytes)];

  test('has the size of a span that the benchmark promises', () => {
    expect(spans).toHaveLength(SPANS);
    expect(Math.abs(first.length / SPANS - 458)).toBeLessThanOrEqual(20);
  });

  test('has spans with 8 to 16 attributes, and about 1 in 20 with events', () => {
    const counts = spans.map(({ attributes }) => attributes.length);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(8);
    expect(Math.max(...counts)).toBeLessThanOrEqual(16);
    const withEvents = spans.filter(({ events }) => events.length > 0).length;
    expect(withEvents / SPANS).toBeGreaterThan(0.03);
    expect(withEvents / SPANS).toBeLessThan(0.08);
  });

  test('and the next one share traces of 3 to 60 spans, each one tree over several services', () => {
    const traces = new Map<TraceId, Span[]>();
    for (const span of bothHalves)
      traces.set(span.traceId, [...(traces.get(span.traceId) ?? []), span]);
    const sizes = [...traces.values()].map((members) => members.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(60);
    // The last one is cut where the requests are full.
    expect(sizes.filter((size) => size < 3).length).toBeLessThanOrEqual(1);
    for (const [traceId, members] of traces) {
      const trace = assembleTrace(traceId, members);
      expect(trace.spans).toHaveLength(members.length);
      const tree = buildTraceTree(trace.spans);
      expect(tree.roots).toHaveLength(1);
      expect(tree.orphans).toEqual([]);
    }
    expect(new Set(bothHalves.map(({ resource }) => resource.service)).size).toBe(30);
    const inFirst = new Set(spans.map(({ traceId }) => traceId));
    const inBoth = new Set(
      bothHalves
        .slice(SPANS)
        .map(({ traceId }) => traceId)
        .filter((traceId) => inFirst.has(traceId)),
    );
    expect(inBoth.size / traces.size).toBeGreaterThan(0.3);
  });

  test('has children within their parents, and nothing after now', () => {
    const byId = new Map(bothHalves.map((span) => [span.spanId, span]));
    for (const span of bothHalves) {
      const end = span.startUnixNano + span.durationNano;
      expect(end).toBeLessThanOrEqual(BigInt(NOW_MS) * 1_000_000n);
      const parent = span.parentSpanId && byId.get(span.parentSpanId);
      expect(parent === undefined).toBe(span.parentSpanId === undefined);
      if (!parent) continue;
      expect(span.startUnixNano).toBeGreaterThanOrEqual(parent.startUnixNano);
      expect(end).toBeLessThanOrEqual(parent.startUnixNano + parent.durationNano + 1n);
    }
  });

  test('tells from each pair of ids which span of the run it is', () => {
    const numbers = spans.map((span) =>
      spanNumberOf(idsOf(span), 0, { seed: SEED, spansPerRequest: SPANS }),
    );
    expect(numbers.sort((a, b) => a - b)).toEqual(spans.map((_, i) => 6 * SPANS + i));
  });

  test('has ids of its run alone', () => {
    const [span] = spans as [Span];
    expect(spanNumberOf(idsOf(span), 0, { seed: SEED + 1, spansPerRequest: SPANS })).not.toBe(
      6 * SPANS,
    );
    const changed = idsOf(span);
    for (let at = 0; at < 24; at++) {
      changed.setUint8(at, changed.getUint8(at) ^ 1);
      expect(spanNumberOf(changed, 0, { seed: SEED, spansPerRequest: SPANS })).toBe(-1);
      changed.setUint8(at, changed.getUint8(at) ^ 1);
    }
  });

  test('shares no span, time or fresh value with the next one', () => {
    template.stamp({ ...stamp, request: 8 });
    const next = spansOf(template.bytes);
    const ids = new Set(spans.map(({ spanId }) => spanId));
    expect(next.some(({ spanId }) => ids.has(spanId))).toBe(false);
    const paths = new Set(spans.flatMap(freshPath));
    expect(paths.size).toBeGreaterThan(300);
    expect(next.flatMap(freshPath).filter((path) => paths.has(path))).toEqual([]);
  });

  test('is the same again for the same stamp', () => {
    template.stamp(stamp);
    expect(Buffer.compare(template.bytes, first)).toBe(0);
  });

  function freshPath({ attributes }: Span): string[] {
    return attributes.flatMap(({ key, value }) =>
      key === 'url.path' && value.type === 'string' ? [value.value] : [],
    );
  }
});

describe.each([
  ['jaeger', decodeJaegerThrift],
  ['zipkin', decodeZipkinJson],
] as const)('a stamped request for %s', (protocol, decode) => {
  const [first, second] = createTemplates(1, 200, protocol) as [RequestTemplate, RequestTemplate];
  const [, otlp] = createTemplates(1, 200) as [RequestTemplate, RequestTemplate];
  first.stamp(stamp);
  second.stamp({ ...stamp, request: 7 });
  otlp.stamp({ ...stamp, request: 7 });
  const block = new SpanBlock('default');
  const rejected = decode(second.bytes, block);
  const spans = readSpans(block);

  test('has nothing to refuse or to mend', () => {
    expect(rejected.count).toBe(0);
    expect(spans).toHaveLength(200);
    const keys = new Set(spans.flatMap(({ attributes }) => attributes.map(({ key }) => key)));
    expect(keys).not.toContain('clew.sanitized');
  });

  test('has the ids, names and, to the microsecond, the times of the same one in OTLP', () => {
    const essence = (members: readonly Span[]) =>
      members
        .map(({ traceId, spanId, parentSpanId, name, kind, startUnixNano, status }) => ({
          ids: `${traceId} ${spanId} ${parentSpanId ?? ''}`,
          name,
          // Zipkin has no word for it.
          kind: kind === 'unspecified' ? 'internal' : kind,
          startUnixMicros: startUnixNano / 1000n,
          status,
        }))
        .sort((a, b) => (a.ids < b.ids ? -1 : 1));
    expect(essence(spans)).toEqual(essence(spansOf(otlp.bytes)));
  });

  test('shares no fresh value with the next one', () => {
    const values = new Set(spans.flatMap(freshTexts));
    expect(values.size).toBeGreaterThan(20);
    second.stamp({ ...stamp, request: 9 });
    const next = new SpanBlock('default');
    decode(second.bytes, next);
    expect(
      readSpans(next)
        .flatMap(freshTexts)
        .filter((value) => values.has(value)),
    ).toEqual([]);
  });

  function freshTexts({ attributes }: Span): string[] {
    return attributes.flatMap(({ key, value }) =>
      key === 'url.path' && value.type === 'string' ? [value.value] : [],
    );
  }
});

describe('Acknowledgements', () => {
  test('are the same after a message to another process', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 20_000 })), (requests) => {
        const acknowledgements = new Acknowledgements();
        for (const request of requests) acknowledgements.add(request);
        const copy = Acknowledgements.fromText(acknowledgements.toText());
        expect(copy.count).toBe(requests.length);
        expect(requests.every((request) => copy.has(request))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
