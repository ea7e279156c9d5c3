import {
  ROOT_CONTEXT,
  createTraceState,
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  trace,
} from '@opentelemetry/api';
import type { Context, SpanContext } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import type { PropagatorName } from '../config/propagator-config.ts';
import { suppressTracing } from '../context/suppress-tracing.ts';
import { createPropagator } from './create-propagator.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const OTHER_TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN_ID = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE_ID}-${SPAN_ID}-01`;
const FORMATS: readonly PropagatorName[] = ['tracecontext', 'b3', 'b3multi', 'jaeger'];

type Headers = Readonly<Record<string, string | readonly string[]>>;

function extract(names: readonly PropagatorName[], headers: Headers, from = ROOT_CONTEXT): Context {
  return createPropagator(names).extract(from, headers, defaultTextMapGetter);
}

function extractSpan(name: PropagatorName, headers: Headers): SpanContext | undefined {
  return trace.getSpanContext(extract([name], headers));
}

function inject(names: readonly PropagatorName[], ctx: Context): Record<string, string> {
  const headers: Record<string, string> = {};
  createPropagator(names).inject(ctx, headers, defaultTextMapSetter);
  return headers;
}

function contextWith(
  span: Partial<SpanContext> = {},
  baggage: Record<string, string> = {},
): Context {
  const entries = Object.entries(baggage).map(([key, value]) => [key, { value }] as const);
  const spanContext = { traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1, ...span };
  return propagation.setBaggage(
    trace.setSpanContext(ROOT_CONTEXT, spanContext),
    propagation.createBaggage(Object.fromEntries(entries)),
  );
}

function baggageOf(ctx: Context): Record<string, string> {
  const entries = propagation.getBaggage(ctx)?.getAllEntries() ?? [];
  return Object.fromEntries(entries.map(([key, { value }]) => [key, value]));
}

describe.each(FORMATS)('%s', (name) => {
  test('reads what it writes, sampled or not', () => {
    for (const traceFlags of [0, 1]) {
      const headers = inject([name], contextWith({ traceFlags }));
      expect(extractSpan(name, headers)).toEqual({
        traceId: TRACE_ID,
        spanId: SPAN_ID,
        traceFlags,
        isRemote: true,
      });
    }
  });

  test('names the headers it writes', () => {
    const ctx = contextWith({ traceState: createTraceState('a=1') });
    const fields = createPropagator([name]).fields();
    expect(fields).toEqual(expect.arrayContaining(Object.keys(inject([name], ctx))));
  });

  test('writes nothing without a span, and where nothing is to be traced', () => {
    expect(inject([name], ROOT_CONTEXT)).toEqual({});
    expect(inject([name], contextWith({ traceId: '0'.repeat(32) }))).toEqual({});
    expect(inject([name], suppressTracing(contextWith({}, { user: '7' })))).toEqual({});
  });

  test('takes missing, malformed and oversized headers for none, and keeps what was found before', () => {
    const before = contextWith({}, { user: '7' });
    const names = [
      'traceparent',
      'tracestate',
      'b3',
      'x-b3-traceid',
      'x-b3-spanid',
      'uber-trace-id',
    ];
    for (const value of ['', ' ', 'garbage', '-', ':::', '00-', 'ü'.repeat(100), 'x'.repeat(1e6)]) {
      const headers = Object.fromEntries(names.map((name) => [name, value]));
      expect(extract([name], headers, before)).toBe(before);
      expect(extract([name], { ...headers, b3: [], traceparent: [] }, before)).toBe(before);
    }
  });
});

describe('tracecontext', () => {
  test('takes the state of the trace along, one header or several', () => {
    const tracestate = ['a=1', 'b=2'];
    const span = extractSpan('tracecontext', { traceparent: TRACEPARENT, tracestate });
    expect(span?.traceState?.serialize()).toBe('a=1,b=2');
    const ctx = extract(['tracecontext'], { traceparent: [TRACEPARENT], tracestate: 'a=1' });
    expect(inject(['tracecontext'], ctx)).toEqual({ traceparent: TRACEPARENT, tracestate: 'a=1' });
  });

  test('drops a malformed or oversized state alone', () => {
    for (const tracestate of ['A=1', `a=${'1'.repeat(300)}`, 'a=1,'.repeat(40), ' '.repeat(1e6)]) {
      const span = extractSpan('tracecontext', { traceparent: TRACEPARENT, tracestate });
      expect(span?.traceId).toBe(TRACE_ID);
      expect(span?.traceState).toBeUndefined();
    }
  });

  test('takes two headers that contradict each other for none', () => {
    const other = `00-${OTHER_TRACE_ID}-${SPAN_ID}-01`;
    expect(extractSpan('tracecontext', { traceparent: [TRACEPARENT, other] })).toBeUndefined();
    expect(
      extractSpan('tracecontext', { traceparent: `${TRACEPARENT}, ${other}` }),
    ).toBeUndefined();
  });
});

describe('b3', () => {
  test('writes one header, and b3multi several; both read either', () => {
    const single = inject(['b3'], contextWith());
    const multi = inject(['b3multi'], contextWith());
    expect(single).toEqual({ b3: `${TRACE_ID}-${SPAN_ID}-1` });
    expect(multi).toEqual({
      'x-b3-traceid': TRACE_ID,
      'x-b3-spanid': SPAN_ID,
      'x-b3-sampled': '1',
    });
    expect(extractSpan('b3', multi)).toEqual(extractSpan('b3multi', single));
    const both = { ...multi, b3: `${OTHER_TRACE_ID}-${SPAN_ID}-1` };
    expect(extractSpan('b3multi', both)?.traceId).toBe(OTHER_TRACE_ID);
    expect(extractSpan('b3multi', { ...multi, b3: 'garbage' })?.traceId).toBe(TRACE_ID);
  });

  test('hands the debug flag on, in the form of the other as well, but not to another trace', () => {
    const ctx = extract(['b3'], { b3: `${TRACE_ID}-${SPAN_ID}-d` });
    expect(trace.getSpanContext(ctx)?.traceFlags).toBe(1);
    expect(inject(['b3'], ctx)).toEqual({ b3: `${TRACE_ID}-${SPAN_ID}-d` });
    expect(inject(['b3multi'], ctx)).toEqual({
      'x-b3-traceid': TRACE_ID,
      'x-b3-spanid': SPAN_ID,
      'x-b3-flags': '1',
    });
    const span = { traceId: OTHER_TRACE_ID, spanId: SPAN_ID, traceFlags: 1 };
    const other = trace.setSpanContext(ctx, span);
    expect(inject(['b3'], other)).toEqual({ b3: `${OTHER_TRACE_ID}-${SPAN_ID}-1` });
  });

  test('makes a trace unsampled for a denial without ids, and leaves the rest to the sampler', () => {
    for (const headers of [{ b3: '0' }, { 'x-b3-sampled': '0' }]) {
      const span = extractSpan('b3', headers);
      expect(span && trace.wrapSpanContext(span).isRecording()).toBe(false);
      expect(span).toMatchObject({ traceFlags: 0, isRemote: true });
    }
    expect(extract(['b3'], { b3: '1' })).toBe(ROOT_CONTEXT);
    expect(extract(['b3'], { b3: 'd' })).toBe(ROOT_CONTEXT);
  });

  test('takes the first of several values, as Node joins them too', () => {
    const ids = { 'x-b3-traceid': `${TRACE_ID}, ${OTHER_TRACE_ID}`, 'x-b3-spanid': [SPAN_ID, 'x'] };
    expect(extractSpan('b3multi', ids)?.traceId).toBe(TRACE_ID);
  });
});

describe('jaeger', () => {
  test('hands the debug flag on, and takes it for sampled', () => {
    const ctx = extract(['jaeger'], { 'uber-trace-id': `${TRACE_ID}:${SPAN_ID}:0:2` });
    expect(trace.getSpanContext(ctx)?.traceFlags).toBe(1);
    expect(inject(['jaeger'], ctx)).toEqual({ 'uber-trace-id': `${TRACE_ID}:${SPAN_ID}:0:3` });
  });

  test('has a header for each entry of the baggage, with or without a span', () => {
    const headers = inject(['jaeger'], contextWith({}, { user: 'Zoë 50%', 'not a name': '1' }));
    expect(headers).toEqual({
      'uber-trace-id': `${TRACE_ID}:${SPAN_ID}:0:1`,
      'uberctx-user': 'Zo%C3%AB%2050%25',
    });
    expect(baggageOf(extract(['jaeger'], headers))).toEqual({ user: 'Zoë 50%' });
    expect(baggageOf(extract(['jaeger'], { 'uberctx-a': '100%', 'uberctx-': '1' }))).toEqual({
      a: '100%',
    });
  });

  test('bounds the baggage', () => {
    const entries = Array.from({ length: 1000 }, (_, i) => [`uberctx-k${i}`, '1'] as const);
    expect(Object.keys(baggageOf(extract(['jaeger'], Object.fromEntries(entries))))).toHaveLength(
      180,
    );
    expect(baggageOf(extract(['jaeger'], { 'uberctx-a': 'x'.repeat(9000) }))).toEqual({});
  });
});

describe('baggage', () => {
  test('goes both ways with its metadata', () => {
    const headers = { baggage: 'user=Zo%C3%AB;ttl=5;secret,empty=' };
    const ctx = extract(['baggage'], headers);
    const entry = propagation.getBaggage(ctx)?.getEntry('user');
    expect([entry?.value, entry?.metadata?.toString()]).toEqual(['Zoë', 'ttl=5;secret']);
    expect(inject(['baggage'], ctx)).toEqual(headers);
  });

  test('joins several headers, leaves malformed members out, and adds to what is there', () => {
    const ctx = extract(
      ['baggage'],
      { baggage: ['a=1,garbage', 'b=2'] },
      contextWith({}, { c: '3' }),
    );
    expect(baggageOf(ctx)).toEqual({ c: '3', a: '1', b: '2' });
    expect(extract(['baggage'], { baggage: 'garbage' })).toBe(ROOT_CONTEXT);
  });
});

describe('createPropagator', () => {
  test('writes all formats, and lets the last that finds a span decide', () => {
    const names = ['tracecontext', 'baggage', 'b3', 'jaeger'] as const;
    const headers = inject(names, contextWith({}, { user: '7' }));
    expect(Object.keys(headers)).toEqual([
      'traceparent',
      'baggage',
      'b3',
      'uber-trace-id',
      'uberctx-user',
    ]);
    const contradicting = { ...headers, b3: `${OTHER_TRACE_ID}-${SPAN_ID}-1` };
    const idFound = (order: readonly PropagatorName[]): string | undefined =>
      trace.getSpanContext(extract(order, contradicting))?.traceId;
    expect(idFound(['tracecontext', 'b3'])).toBe(OTHER_TRACE_ID);
    expect(idFound(['b3', 'tracecontext'])).toBe(TRACE_ID);
    expect(idFound(['tracecontext', 'b3multi', 'jaeger'])).toBe(TRACE_ID);
  });

  test('lets an empty list be no propagation', () => {
    expect(inject([], contextWith())).toEqual({});
    expect(extract([], { traceparent: TRACEPARENT })).toBe(ROOT_CONTEXT);
  });
});
