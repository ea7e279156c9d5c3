/** What the library's spans write of themselves, read with OpenTelemetry's own decoder. */
import { createRequire } from 'node:module';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { createTestTracer } from '../../packages/sdk/src/testing/create-test-tracer.ts';

interface Decoder {
  decode(bytes: Uint8Array): object;
  toObject(message: object, options: object): unknown;
}

/** Of OpenTelemetry's published .proto files; CommonJS, and not among what the package exports by name. */
const { opentelemetry } = createRequire(import.meta.url)(
  'opentelemetry-protos/build/src/generated/root',
) as { opentelemetry: { proto: { trace: { v1: { TracesData: Decoder } } } } };

function decode(bytes: Uint8Array): unknown {
  const { TracesData } = opentelemetry.proto.trace.v1;
  // A message of traces has the fields of a request.
  return TracesData.toObject(TracesData.decode(bytes), { longs: String, bytes: String });
}

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

test("a span with everything is read by OpenTelemetry's decoder as what was put in", () => {
  const { buffer, getTracer } = createTestTracer({ resource: { 'service.name': 'shop' } });
  const remote = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    traceFlags: 1,
    isRemote: true,
  };
  const span = getTracer('test').startSpan(
    'GET /orders/:id',
    { kind: SpanKind.SERVER, startTime: [1_700_000_000, 5] },
    trace.setSpanContext(ROOT_CONTEXT, remote),
  );
  span.setAttributes({ text: 'ü'.repeat(100), int: -7, double: 0.5, is: true, list: ['a', 'b'] });
  span.addEvent('retry', { attempt: 2 }, [1_700_000_000, 7]);
  span.addLink({ context: remote, attributes: { why: 'batch' } });
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'no stock' }).end([1_700_000_001, 0]);
  const { spanId } = span.spanContext();
  const ids = { traceId: base64(remote.traceId), spanId: base64(remote.spanId) };
  const text = (value: string): object => ({ value: { stringValue: value } });
  expect(decode(buffer.take(10)?.body ?? new Uint8Array())).toEqual({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', ...text('shop') }] },
        scopeSpans: [
          {
            scope: { name: 'test', version: '1.0' },
            spans: [
              {
                traceId: ids.traceId,
                spanId: base64(spanId),
                parentSpanId: ids.spanId,
                name: 'GET /orders/:id',
                kind: 2,
                startTimeUnixNano: '1700000000000000005',
                endTimeUnixNano: '1700000001000000000',
                attributes: [
                  { key: 'text', ...text('ü'.repeat(100)) },
                  { key: 'int', value: { intValue: '-7' } },
                  { key: 'double', value: { doubleValue: 0.5 } },
                  { key: 'is', value: { boolValue: true } },
                  {
                    key: 'list',
                    value: { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] } },
                  },
                ],
                events: [
                  {
                    timeUnixNano: '1700000000000000007',
                    name: 'retry',
                    attributes: [{ key: 'attempt', value: { intValue: '2' } }],
                  },
                ],
                links: [{ ...ids, attributes: [{ key: 'why', ...text('batch') }], flags: 0x301 }],
                status: { code: 2, message: 'no stock' },
                flags: 0x301,
              },
            ],
          },
        ],
      },
    ],
  });
});
