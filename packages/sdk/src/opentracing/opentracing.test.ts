import { createRequire } from 'node:module';
import { SpanKind, context, trace } from '@opentelemetry/api';
import {
  BinaryCarrier,
  FORMAT_BINARY,
  FORMAT_HTTP_HEADERS,
  FORMAT_TEXT_MAP,
  Reference,
  REFERENCE_CHILD_OF,
  followsFrom,
  globalTracer,
  initGlobalTracer,
} from 'opentracing';
import type { Tracer } from 'opentracing';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { Span as ModelSpan } from '@clew/model';
import { init, runInContext, withSpan } from '../index.ts';
import type { Clew } from '../index.ts';
import { OtlpSink } from '../testing/otlp-sink.ts';
import { readAttributes } from '../testing/read-attributes.ts';
import { contextOf, createTracer } from './index.ts';

let sink: OtlpSink;
let clew: Clew;
let tracer: Tracer;

beforeEach(async () => {
  sink = await OtlpSink.start();
  clew = init({ serviceName: 'payment-service', endpoint: sink.endpoint });
  tracer = createTracer();
});

afterEach(async () => {
  await clew.shutdown();
  await sink.stop();
});

async function sent(name: string): Promise<ModelSpan | undefined> {
  await clew.forceFlush();
  return sink.spans.find((span) => span.name === name);
}

// The package's own checks expect a test runner with these globals.
Object.assign(globalThis, { describe, it, beforeEach });
const { default: apiCompatibilityChecks } = createRequire(import.meta.url)(
  'opentracing/lib/test/api_compatibility',
) as { readonly default: (createTracer: () => Tracer) => void };
apiCompatibilityChecks(() => createTracer());

describe('a span of OpenTracing', () => {
  test('has tags, name, kind, times and logs where OpenTelemetry has them', async () => {
    const tags = { 'span.kind': 'client', amount: 7, order: { id: 1 } };
    const span = tracer.startSpan('pay', { tags, startTime: 1_500_000_000_000.25 });
    span.setOperationName('pay-order').setTag('error', true);
    span.log({ event: 'retry', attempt: 2 }, 1_500_000_000_001);
    span.logEvent('done', { ok: true });
    span.log({ event: 'error', 'error.object': new RangeError('no funds') });
    span.log({ event: 'error', message: 'gone', 'error.kind': 'Timeout' });
    span.finish(1_500_000_000_002.5);
    const read = await sent('pay-order');
    expect(read).toMatchObject({ kind: 'client', status: 'error' });
    expect(read?.startUnixNano).toBe(1_500_000_000_000_250_000n);
    expect(read?.durationNano).toBe(2_250_000n);
    expect(readAttributes(read?.attributes)).toMatchObject({ amount: 7n, order: '{"id":1}' });
    expect(read?.events.map((event) => [event.name, readAttributes(event.attributes)])).toEqual([
      ['retry', { attempt: 2n }],
      ['done', { payload: '{"ok":true}' }],
      ['exception', expect.objectContaining({ 'exception.message': 'no funds' })],
      ['exception', { 'exception.message': 'gone', 'exception.type': 'Timeout' }],
    ]);
  });

  test('is below the first span it is a child of, and linked to the others, whose baggage it has', async () => {
    const [first, second, third] = ['first', 'second', 'third'].map((name) =>
      tracer.startSpan(name, { childOf: tracer.startSpan('root') }),
    );
    if (!first || !second || !third) throw new Error('no spans');
    second.setBaggageItem('tier', 'gold');
    const references = [followsFrom(first), new Reference(REFERENCE_CHILD_OF, second.context())];
    const span = tracer.startSpan('join', { references: [...references, followsFrom(third)] });
    expect(span.getBaggageItem('tier')).toBe('gold');
    span.finish();
    const read = await sent('join');
    expect(read?.parentSpanId).toBe(second.context().toSpanId());
    expect(read?.links.map(({ spanId }) => String(spanId))).toEqual([
      first.context().toSpanId(),
      third.context().toSpanId(),
    ]);
    expect(readAttributes(read?.links[0]?.attributes)).toEqual({
      'opentracing.ref_type': 'follows_from',
    });
  });

  test('travels with its baggage in headers, text and bytes', () => {
    const span = tracer.startSpan('out').setBaggageItem('tier', 'gold, silver');
    for (const format of [FORMAT_HTTP_HEADERS, FORMAT_TEXT_MAP, FORMAT_BINARY]) {
      const carrier = format === FORMAT_BINARY ? new BinaryCarrier([]) : {};
      tracer.inject(span, format, carrier);
      const context = tracer.extract(format, carrier);
      expect(context?.toTraceId()).toBe(span.context().toTraceId());
      const child = tracer.startSpan('in', { childOf: context ?? span });
      expect(child.getBaggageItem('tier')).toBe('gold, silver');
    }
    expect(tracer.extract(FORMAT_HTTP_HEADERS, {})).toBeNull();
    expect(tracer.extract(FORMAT_BINARY, { buffer: [1, 2, 3] })).toBeNull();
    expect(tracer.extract('unknown', undefined)).toBeNull();
  });
});

test('spans of both APIs are in one trace, whichever is above', async () => {
  initGlobalTracer(tracer);
  withSpan('order', () => {
    const payment = globalTracer().startSpan('payment');
    runInContext(contextOf(payment), () => {
      trace.getTracer('pg').startSpan('query', { kind: SpanKind.CLIENT }).end();
    });
    payment.finish();
  });
  const order = await sent('order');
  const payment = await sent('payment');
  expect(payment).toMatchObject({ traceId: order?.traceId, parentSpanId: order?.spanId });
  expect((await sent('query'))?.parentSpanId).toBe(payment?.spanId);
  expect(trace.getSpan(context.active())).toBeUndefined();
});
