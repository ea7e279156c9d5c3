import { durationNano, unixNano } from '@clew/model';
import type { Attribute, Span, SpanEvent } from '@clew/model';
import { describe, expect, test } from 'vitest';
import {
  RESOURCE,
  exampleSpan,
  spanId,
  traceId,
} from '../../../query/testing/canned-trace-reader.ts';
import { createStandardAdjusters, unadjusted } from './standard.ts';

const START = exampleSpan().startUnixNano;
const MS = 1_000_000n;

function adjust(spans: readonly Span[], maxClockSkewNano = 0n) {
  const steps = createStandardAdjusters(maxClockSkewNano);
  return steps.reduce((adjusted, step) => step(adjusted), unadjusted(spans));
}

function at(startMs: bigint, lastsMs: bigint): Pick<Span, 'startUnixNano' | 'durationNano'> {
  return {
    startUnixNano: unixNano(START + startMs * MS),
    durationNano: durationNano(lastsMs * MS),
  };
}

function text(key: string, value: string): Attribute {
  return { key, value: { type: 'string', value } };
}

function int(key: string, value: bigint): Attribute {
  return { key, value: { type: 'int', value } };
}

function onHost(...attributes: readonly Attribute[]): Pick<Span, 'resource'> {
  return { resource: { ...RESOURCE, attributes } };
}

function event(name: string, ms: bigint): SpanEvent {
  return {
    name,
    timeUnixNano: unixNano(START + ms * MS),
    attributes: [],
    droppedAttributesCount: 0,
  };
}

describe('a server span with the id of a client span', () => {
  const client = exampleSpan({ spanId: spanId('a'), kind: 'client', parentSpanId: spanId('1') });
  const server = exampleSpan({ spanId: spanId('a'), parentSpanId: spanId('1') });
  const child = exampleSpan({ spanId: spanId('b'), parentSpanId: spanId('a') });

  test('gets one of its own, the client as parent, and the children', () => {
    const root = exampleSpan({ spanId: spanId('1') });
    const adjusted = adjust([root, client, server, child]).map(({ span }) => [
      span.kind,
      span.spanId,
      span.parentSpanId,
    ]);
    expect(adjusted).toEqual([
      ['server', spanId('1'), undefined],
      ['client', spanId('a'), spanId('1')],
      // The first number that is no span's id.
      ['server', spanId('2'), spanId('a')],
      ['server', spanId('b'), spanId('2')],
    ]);
  });

  test('alone keeps its id', () => {
    expect(adjust([server]).map(({ span }) => span.spanId)).toEqual([spanId('a')]);
  });
});

test('attributes come by key, events by time', () => {
  const attributes = [text('b', ''), text('a', '')];
  const events = [event('later', 2n), event('sooner', 1n)];
  const [adjusted] = adjust([
    exampleSpan({
      attributes,
      events: [{ ...(events[0] as SpanEvent), attributes }, events[1] as SpanEvent],
      ...onHost(...attributes),
    }),
  ]);
  const keysOf = (list: readonly Attribute[] | undefined) => list?.map(({ key }) => key);
  expect(keysOf(adjusted?.span.attributes)).toEqual(['a', 'b']);
  expect(keysOf(adjusted?.span.resource.attributes)).toEqual(['a', 'b']);
  expect(adjusted?.span.events.map(({ name }) => name)).toEqual(['sooner', 'later']);
  expect(keysOf(adjusted?.span.events[1]?.attributes)).toEqual(['a', 'b']);
});

describe('the clock of another host', () => {
  const parent = exampleSpan({
    spanId: spanId('1'),
    ...at(0n, 100n),
    ...onHost(text('host.name', 'a')),
  });
  const child = (span: Partial<Span>): Span =>
    exampleSpan({
      spanId: spanId('2'),
      parentSpanId: spanId('1'),
      ...onHost(text('host.name', 'b')),
      ...span,
    });

  function adjustChild(span: Partial<Span>, maxMs = 10_000n) {
    const [, adjusted] = adjust([parent, child(span)], maxMs * MS);
    return {
      startMs: ((adjusted?.span.startUnixNano ?? 0n) - START) / MS,
      warnings: adjusted?.warnings,
    };
  }

  test('is corrected so that the child lies in the middle of its parent', () => {
    expect(adjustChild({ ...at(-2000n, 40n), events: [] })).toEqual({
      startMs: 30n,
      warnings: ["This span's timestamps were adjusted by 2.03s"],
    });
    expect(adjustChild(at(80n, 40n))).toEqual({
      startMs: 30n,
      warnings: ["This span's timestamps were adjusted by -50ms"],
    });
  });

  test('moves the events too', () => {
    const [, adjusted] = adjust(
      [parent, child({ ...at(-2000n, 40n), events: [event('x', -1990n)] })],
      10_000n * MS,
    );
    expect(adjusted?.span.events[0]?.timeUnixNano).toBe(START + 40n * MS);
  });

  test('is not corrected where the child fits, or only ends too late', () => {
    expect(adjustChild(at(10n, 90n))).toEqual({ startMs: 10n, warnings: [] });
    expect(adjustChild(at(10n, 101n))).toEqual({ startMs: 10n, warnings: [] });
  });

  test('lets a child that is longer than its parent begin with it', () => {
    expect(adjustChild(at(-5n, 101n)).startMs).toBe(0n);
  });

  test('is taken to be the same on the same host', () => {
    expect(adjustChild({ ...at(-2000n, 40n), resource: parent.resource })).toEqual({
      startMs: -2000n,
      warnings: [],
    });
  });

  test('is known by the host’s id, its first address or its name', () => {
    const same = [
      [text('host.id', 'x'), text('host.name', 'other')],
      [
        { key: 'host.ip', value: { type: 'array', value: [{ type: 'string', value: '1.2.3.4' }] } },
        text('host.name', 'other'),
      ],
    ] as const;
    const others = [[text('host.id', 'x')], [text('host.ip', '1.2.3.4')]] as const;
    for (const [index, attributes] of same.entries()) {
      const on = onHost(...(others[index] ?? []));
      const spans = [
        { ...parent, ...onHost(...attributes) },
        { ...child(at(-9n, 1n)), ...on },
      ];
      expect(adjust(spans, 1000n * MS)[1]?.warnings).toEqual([]);
    }
  });

  test('carries on to what the same host called', () => {
    const grandchild = exampleSpan({
      ...child(at(-1995n, 5n)),
      spanId: spanId('3'),
      parentSpanId: spanId('2'),
    });
    const adjusted = adjust([parent, child(at(-2000n, 40n)), grandchild], 10_000n * MS);
    expect(adjusted[2]?.span.startUnixNano).toBe(START + 35n * MS);
  });

  test('is only told of beyond the most that is allowed', () => {
    expect(adjustChild(at(-2000n, 40n), 1000n)).toEqual({
      startMs: -2000n,
      warnings: [
        'max clock skew adjustment delta of 1s exceeded; not applying calculated delta of 2.03s',
      ],
    });
    expect(adjustChild(at(-2000n, 40n), 0n).warnings).toEqual([
      'clock skew adjustment disabled; not applying calculated delta of 2.03s',
    ]);
  });

  test('cannot be known without the parent, or of spans with one id', () => {
    const orphan = exampleSpan({ spanId: spanId('2'), parentSpanId: spanId('9') });
    const twin = exampleSpan({ spanId: spanId('2'), ...at(1n, 1n) });
    expect(adjust([orphan, twin]).map(({ warnings }) => warnings)).toEqual([
      ['parent span ID=0000000000000009 is not in the trace; skipping clock skew adjustment'],
      ['duplicate span IDs; skipping clock skew adjustment'],
    ]);
  });
});

test('addresses that are numbers are written as people write them', () => {
  const attributes = [
    int('ip', 0x7f00_0001n),
    int('other', 1n),
    { key: 'peer.ipv4', value: { type: 'double', value: 0xc0a8_0102 } } as const,
  ];
  const [adjusted] = adjust([exampleSpan({ attributes, ...onHost(...attributes) })]);
  const expected = [text('ip', '127.0.0.1'), int('other', 1n), text('peer.ipv4', '192.168.1.2')];
  expect(adjusted?.span.attributes).toEqual(expected);
  expect(adjusted?.span.resource.attributes).toEqual(expected);
  const negative = adjust([exampleSpan({ attributes: [int('ip', -1n)] })]);
  expect(negative[0]?.span.attributes).toEqual([text('ip', '255.255.255.255')]);
});

test('attributes of the library move to the resource, which stays one', () => {
  const sdk = (name: string) => [text('a', ''), text('telemetry.sdk.name', name)];
  const spans = ['1', '2', '3'].map((id, index) =>
    exampleSpan({ spanId: spanId(id), attributes: sdk(index < 2 ? 'x' : 'y'), resource: RESOURCE }),
  );
  const adjusted = adjust(spans);
  const [resource] = adjusted.map(({ span }) => span.resource);
  expect(resource?.attributes).toEqual([
    ...RESOURCE.attributes.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    text('telemetry.sdk.name', 'x'),
  ]);
  expect(new Set(adjusted.map(({ span }) => span.resource)).size).toBe(1);
  expect(adjusted.map(({ span }) => span.attributes.length)).toEqual([1, 1, 2]);
  expect(adjusted[2]?.warnings).toEqual([
    'conflicting values between Span and Resource for attribute telemetry.sdk.name',
  ]);
});

test('links to no trace are dropped', () => {
  const link = {
    traceId: traceId('1'),
    spanId: spanId('1'),
    traceState: '',
    flags: 0,
    attributes: [],
    droppedAttributesCount: 0,
  };
  const empty = { ...link, traceId: '0'.repeat(32) as typeof link.traceId };
  const [adjusted] = adjust([exampleSpan({ links: [link, empty] })]);
  expect(adjusted?.span.links).toEqual([link]);
  expect(adjusted?.warnings).toEqual(['Invalid span link removed']);
});

test('what comes in stays as it was', () => {
  const span = exampleSpan({ attributes: [text('b', ''), int('ip', 1n), text('a', '')] });
  const before = structuredClone(span);
  adjust([span]);
  expect(span).toEqual(before);
});
