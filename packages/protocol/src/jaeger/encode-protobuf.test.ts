import { SpanBlock } from '@clew/model';
import type { Span } from '@clew/model';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSpans } from '../otlp/to-model.ts';
import { arbitrarySpans } from '../testing/arbitrary-span.ts';
import { readPostSpans } from '../testing/jaeger-oracle.ts';
import { WireWriter } from '../wire/writer.ts';
import { decodeJaegerPostSpans } from './decode-protobuf.ts';
import { JaegerSpanEncoder } from './encode-protobuf.ts';

/** A chunk of an answer has the fields of a batch, which a sender sends in its first field. */
function toPostSpans(chunk: Uint8Array): Uint8Array {
  const writer = new WireWriter();
  writer.writeVarint(0x0a);
  writer.writeBytes(chunk);
  return writer.bytes;
}

function encode(spans: readonly Span[]): Uint8Array {
  const chunk = new JaegerSpanEncoder().encodeChunk(spans.map((span) => ({ span, warnings: [] })));
  return toPostSpans(chunk);
}

/** What a journey through Jaeger's model leaves as it was. */
function keptOf(span: Span) {
  const hasStatus = span.status !== 'unset';
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: span.kind,
    startUnixNano: span.startUnixNano,
    durationNano: span.durationNano,
    status: span.status,
    statusMessage: hasStatus ? span.statusMessage : '',
    traceState: span.traceState,
    flags: span.flags & 1,
    service: span.resource.service,
    eventTimes: span.events.map(({ timeUnixNano }) => timeUnixNano),
    scope: span.scope.name,
  };
}

test('whoever receives spans reads what was sent', () => {
  fc.assert(
    fc.property(arbitrarySpans, (drawn) => {
      // Attributes that Jaeger takes for something else, links that could be parents, and times and texts that are changed on the way
      // have tests of their own.
      const spans = drawn.map((span) => ({
        ...span,
        attributes: [],
        links: [],
        events: span.events.filter(({ timeUnixNano }) => timeUnixNano > 0n),
        resource: { ...span.resource, attributes: span.resource.attributes.slice(0, 1) },
      }));
      const block = new SpanBlock('');
      expect(decodeJaegerPostSpans(encode(spans), block).count).toBe(0);
      const order = ({ spanId }: { readonly spanId: string }): string => spanId;
      const sort = <Item extends { readonly spanId: string }>(items: readonly Item[]): Item[] =>
        items.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
      expect(sort(readSpans(block).map(keptOf))).toEqual(sort(spans.map(keptOf)));
    }),
    { numRuns: 100 },
  );
});

test('another implementation reads every type of value, references, logs and warnings', () => {
  const span: Span = {
    traceId: '5b8efff798038103d269b633813fc60c' as Span['traceId'],
    spanId: 'eee19b7ec3c1b174' as Span['spanId'],
    parentSpanId: '00f067aa0ba902b7' as Span['spanId'],
    traceState: 'a=b',
    flags: 257,
    name: 'get',
    kind: 'client',
    startUnixNano: 1_700_000_000_000_000_005n as Span['startUnixNano'],
    durationNano: 1_000_000_007n as Span['durationNano'],
    status: 'unset',
    statusMessage: '',
    attributes: [
      { key: 'text', value: { type: 'string', value: 'x' } },
      { key: 'no', value: { type: 'bool', value: false } },
      { key: 'int', value: { type: 'int', value: -1n } },
      { key: 'double', value: { type: 'double', value: 0.5 } },
      { key: 'bytes', value: { type: 'bytes', value: Uint8Array.of(1, 2) } },
      { key: 'list', value: { type: 'array', value: [{ type: 'int', value: 1n }] } },
      { key: 'none', value: { type: 'empty' } },
    ],
    droppedAttributesCount: 0,
    events: [
      {
        timeUnixNano: 1_700_000_000_000_000_006n as Span['startUnixNano'],
        name: 'retry',
        attributes: [],
        droppedAttributesCount: 0,
      },
    ],
    droppedEventsCount: 0,
    links: [
      {
        traceId: '00000000000000000000000000000001' as Span['traceId'],
        spanId: '0000000000000002' as Span['spanId'],
        traceState: '',
        flags: 0,
        attributes: [],
        droppedAttributesCount: 0,
      },
    ],
    droppedLinksCount: 0,
    resource: {
      service: 'shop',
      attributes: [
        { key: 'service.name', value: { type: 'string', value: 'shop' } },
        { key: 'host.name', value: { type: 'string', value: 'a' } },
      ],
      droppedAttributesCount: 0,
      schemaUrl: '',
    },
    scope: { name: 'http', version: '1', attributes: [], droppedAttributesCount: 0, schemaUrl: '' },
  };
  const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
  const chunk = new JaegerSpanEncoder().encodeChunk([{ span, warnings: ['late'] }]);
  expect(readPostSpans(toPostSpans(chunk))).toEqual({
    batch: {
      spans: [
        {
          traceId: base64(span.traceId),
          spanId: base64(span.spanId),
          operationName: 'get',
          references: [
            { traceId: base64(span.traceId), spanId: base64('00f067aa0ba902b7') },
            {
              traceId: base64('00000000000000000000000000000001'),
              spanId: base64('0000000000000002'),
              refType: 'FOLLOWS_FROM',
            },
          ],
          flags: 1,
          startTime: { seconds: '1700000000', nanos: 5 },
          duration: { seconds: '1', nanos: 7 },
          tags: [
            { key: 'otel.scope.name', vStr: 'http' },
            { key: 'otel.scope.version', vStr: '1' },
            { key: 'text', vStr: 'x' },
            { key: 'no', vType: 'BOOL' },
            { key: 'int', vType: 'INT64', vInt64: '-1' },
            { key: 'double', vType: 'FLOAT64', vFloat64: 0.5 },
            { key: 'bytes', vType: 'BINARY', vBinary: 'AQI=' },
            { key: 'list', vStr: '[1]' },
            { key: 'none' },
            { key: 'span.kind', vStr: 'client' },
            { key: 'w3c.tracestate', vStr: 'a=b' },
          ],
          logs: [
            {
              timestamp: { seconds: '1700000000', nanos: 6 },
              fields: [{ key: 'event', vStr: 'retry' }],
            },
          ],
          process: { serviceName: 'shop', tags: [{ key: 'host.name', vStr: 'a' }] },
          warnings: ['late'],
        },
      ],
    },
  });
});
