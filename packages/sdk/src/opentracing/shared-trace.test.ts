import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FORMAT_HTTP_HEADERS } from 'opentracing';
import type { Tracer } from 'opentracing';
import { context, propagation } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Span as ModelSpan } from '@clew/model';
import { activeContext, init, runInContext, startSpanFromContext, withSpan } from '../index.ts';
import type { Clew } from '../index.ts';
import { OtlpSink } from '../testing/otlp-sink.ts';
import { contextOf, createTracer } from './index.ts';

let sink: OtlpSink;
let clew: Clew;
let tracer: Tracer;

beforeEach(async () => {
  sink = await OtlpSink.start();
  clew = init({ serviceName: 'both', endpoint: sink.endpoint });
  tracer = createTracer();
});

afterEach(async () => {
  await clew.shutdown();
  await sink.stop();
});

/** Names of the spans above one, from the nearest on; all are to be of one trace. */
async function sentAbove(name: string): Promise<readonly string[]> {
  await clew.forceFlush();
  expect(new Set(sink.spans.map((span) => span.traceId)).size).toBe(1);
  const find = (id: string | undefined): ModelSpan | undefined =>
    sink.spans.find((span) => span.spanId === id);
  const above: string[] = [];
  let span = sink.spans.find((span) => span.name === name);
  while ((span = find(span?.parentSpanId)) !== undefined) above.push(span.name);
  return above;
}

test('an OpenTracing span without a parent begins below the active OpenTelemetry span', async () => {
  await withSpan('new', async () => {
    await Promise.resolve();
    const old = tracer.startSpan('old');
    tracer.startSpan('older', { childOf: old }).finish();
    old.finish();
  });
  expect(await sentAbove('older')).toEqual(['old', 'new']);
});

test('an OpenTelemetry span begins below an OpenTracing span that was made active', async () => {
  const old = tracer.startSpan('old').setBaggageItem('user', '7');
  runInContext(contextOf(old), () => {
    withSpan('new', () => {
      tracer.startSpan('older').finish();
      expect(propagation.getActiveBaggage()?.getEntry('user')?.value).toBe('7');
    });
  });
  startSpanFromContext(contextOf(old.context()), 'explicit').span.finish();
  old.finish();
  expect(await sentAbove('older')).toEqual(['new', 'old']);
  expect(await sentAbove('explicit')).toEqual(['old']);
});

test('a request goes from OpenTelemetry through OpenTracing, over HTTP, and back', async () => {
  const server = createServer((request, response) => {
    // What a middleware of OpenTracing does; the library's own server span is its sibling.
    const parent = tracer.extract(FORMAT_HTTP_HEADERS, request.headers);
    const span = tracer.startSpan('old-server', parent === null ? {} : { childOf: parent });
    runInContext(contextOf(span), () => withSpan('handler', () => response.end()));
    span.finish();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await withSpan('new-client', async () => {
    const span = tracer.startSpan('old-client');
    const headers = {};
    tracer.inject(span, FORMAT_HTTP_HEADERS, headers);
    const answer = await runInContext(contextOf(span), () =>
      fetch(`http://127.0.0.1:${port}/`, { headers }),
    );
    await answer.arrayBuffer();
    span.finish();
  });
  server.closeAllConnections();
  server.close();
  expect(await sentAbove('handler')).toEqual(['old-server', 'GET', 'old-client', 'new-client']);
});

test('what another tracer made leaves the active context as it is', () => {
  const other = { toTraceId: () => '1', toSpanId: () => '1' };
  withSpan('new', () => {
    expect(contextOf(other)).toBe(activeContext());
  });
  expect(contextOf(other)).toBe(context.active());
});
