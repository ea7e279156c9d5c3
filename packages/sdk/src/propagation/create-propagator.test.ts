import {
  DiagLogLevel,
  ROOT_CONTEXT,
  createTraceState,
  defaultTextMapGetter,
  defaultTextMapSetter,
  diag,
  propagation,
  trace,
} from '@opentelemetry/api';
import type { Context, SpanContext, TextMapGetter } from '@opentelemetry/api';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { PROPAGATOR_NAMES } from '../config/propagator-config.ts';
import type { PropagatorName } from '../config/propagator-config.ts';
import { suppressTracing } from '../context/suppress-tracing.ts';
import { createPropagator } from './create-propagator.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const OTHER_TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN_ID = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE_ID}-${SPAN_ID}-01`;
const FORMATS: readonly PropagatorName[] = ['tracecontext', 'b3', 'b3multi', 'jaeger'];

/** Headers of one value. */
const SINGLE_HEADERS = [
  'traceparent',
  'b3',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-sampled',
  'x-b3-flags',
  'uber-trace-id',
];

/** What a header may be in JavaScript, though no header is. */
const NO_TEXTS = [undefined, null, 7, true, {}, [], [7], [[TRACEPARENT]], [null, {}], Symbol('b3')];

type Headers = Readonly<Record<string, unknown>>;

afterEach(() => {
  diag.disable();
});

/** What is told through `diag`. */
function listen(): string[] {
  const told: string[] = [];
  const tell = (message: string): void => void told.push(message);
  const logger = { error: tell, warn: tell, info: tell, debug: tell, verbose: tell };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
  told.length = 0;
  return told;
}

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
    const names = [...SINGLE_HEADERS, 'tracestate', 'uberctx-'];
    const garbage = ['', ' ', 'garbage', '-', ':::', '00-', 'ü'.repeat(100), 'x'.repeat(1e6)];
    for (const value of [...garbage, ...NO_TEXTS]) {
      const headers = Object.fromEntries(names.map((name) => [name, value]));
      expect(extract([name], headers, before)).toBe(before);
    }
  });

  test('takes a header that is there several times, as a list or joined by commas, for none', () => {
    const before = contextWith({ traceId: OTHER_TRACE_ID });
    const headers = inject([name], contextWith());
    for (const double of [
      (value: string) => [value, value],
      (value: string) => [value, value.replace('0', '1')],
      (value: string) => `${value}, ${value}`,
      (value: string) => `${value},${value.replace('0', '1')}`,
    ]) {
      const doubled = Object.entries(headers).map(([key, value]) => [key, double(value)]);
      expect(extract([name], Object.fromEntries(doubled), before)).toBe(before);
    }
    const lists = Object.entries(headers).map(([key, value]) => [key, [value]]);
    expect(extractSpan(name, Object.fromEntries(lists))?.traceId).toBe(TRACE_ID);
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
    const long = [`a=${'1'.repeat(300)}`, 'a=1,'.repeat(40), ' '.repeat(1e6), 'a=1,'.repeat(1e6)];
    for (const tracestate of ['A=1', ...long, ...NO_TEXTS]) {
      const span = extractSpan('tracecontext', { traceparent: TRACEPARENT, tracestate });
      expect(span?.traceId).toBe(TRACE_ID);
      expect(span?.traceState).toBeUndefined();
    }
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

  test('lets a decision without ids change nothing in a trace that is found, or was there before', () => {
    for (const decision of [{ b3: '0' }, { b3: 'd' }, { b3: '1' }, { 'x-b3-sampled': '0' }]) {
      const headers = { ...decision, traceparent: TRACEPARENT };
      for (const names of [
        ['tracecontext', 'b3'],
        ['b3', 'tracecontext'],
        ['b3multi', 'jaeger', 'tracecontext', 'b3'],
      ] as const) {
        const found = trace.getSpanContext(extract(names, headers));
        expect(found).toMatchObject({ traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1 });
      }
      const before = contextWith();
      expect(extract(['b3'], decision, before)).toBe(before);
    }
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

  test('bounds the baggage, and how many of its headers are looked at', () => {
    const entries = Array.from({ length: 1000 }, (_, i) => [`uberctx-k${i}`, '1'] as const);
    const get = vi.fn((carrier: Headers, key: string) => defaultTextMapGetter.get(carrier, key));
    const getter: TextMapGetter = { keys: Object.keys, get };
    const many = Object.fromEntries(entries);
    const found = createPropagator(['jaeger']).extract(ROOT_CONTEXT, many, getter);
    expect(Object.keys(baggageOf(found))).toHaveLength(180);
    expect(get).toHaveBeenCalledTimes(181);
    expect(baggageOf(extract(['jaeger'], { 'uberctx-a': 'x'.repeat(9000) }))).toEqual({});
    expect(baggageOf(extract(['jaeger'], { [`uberctx-${'x'.repeat(9000)}`]: '1' }))).toEqual({});
    const large = { 'uberctx-a': 'x'.repeat(8000), 'uberctx-b': 'x'.repeat(200), 'uberctx-c': '1' };
    expect(Object.keys(baggageOf(extract(['jaeger'], large)))).toEqual(['a', 'c']);
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
    for (const baggage of ['garbage', 7, null, {}, [7, {}], ',', 'x'.repeat(1e6)]) {
      expect(extract(['baggage'], { baggage })).toBe(ROOT_CONTEXT);
    }
    expect(baggageOf(extract(['baggage'], { baggage: [7, 'a=1', { b: 2 }, 'b=2'] }))).toEqual({
      a: '1',
      b: '2',
    });
  });

  test('reads and writes 180 entries and 8192 bytes, and no more', () => {
    const entries = Array.from({ length: 300 }, (_, i) => [`k${i}`, 'v'] as const);
    const { baggage } = inject(['baggage'], contextWith({}, Object.fromEntries(entries)));
    expect(baggage?.split(',')).toHaveLength(180);
    const header = entries.map((pair) => pair.join('=')).join(',');
    expect(Object.keys(baggageOf(extract(['baggage'], { baggage: header })))).toHaveLength(180);
    const large = contextWith({}, { a: 'x'.repeat(8000), b: 'x'.repeat(200), c: 'x'.repeat(1e6) });
    expect(inject(['baggage'], large)).toEqual({ baggage: `a=${'x'.repeat(8000)}` });
  });

  test.each(['baggage', 'jaeger'] as const)(
    'written as %s, leaves out what cannot be text and keeps the rest, and says so once',
    (name) => {
      const told = listen();
      const odd: object = {
        user: { value: 'Zoë' },
        count: { value: 7 },
        half: { value: 'x\ud800' },
        object: { value: {} },
        symbol: { value: Symbol('s') },
        none: undefined,
        empty: null,
        function: { value: () => '' },
        metadata: { value: '1', metadata: Object.create(null) as object },
        'no key': { value: '1' },
      };
      const propagator = createPropagator([name]);
      for (let i = 0; i < 3; i++) {
        const headers = {};
        const baggage = propagation.createBaggage(
          odd as Parameters<typeof propagation.createBaggage>[0],
        );
        const ctx = propagation.setBaggage(ROOT_CONTEXT, baggage);
        propagator.inject(ctx, headers, defaultTextMapSetter);
        expect(baggageOf(extract([name], headers))).toEqual({
          user: 'Zoë',
          count: '7',
          half: 'x\ufffd',
          metadata: '1',
        });
      }
      expect(told).toEqual([expect.stringContaining('baggage is not handed on')]);
    },
  );
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

  test('reads on where a getter throws, and says so once', () => {
    const told = listen();
    const propagator = createPropagator(PROPAGATOR_NAMES);
    const getter: TextMapGetter<Headers> = {
      keys: () => {
        throw new Error('no keys');
      },
      get: (carrier, key) => {
        if (key === 'tracestate' || key === 'uber-trace-id') throw new Error(`no ${key}`);
        return defaultTextMapGetter.get(carrier, key);
      },
    };
    for (let i = 0; i < 3; i++) {
      const headers = { traceparent: TRACEPARENT, tracestate: 'a=1', baggage: 'user=7' };
      const found = propagator.extract(ROOT_CONTEXT, headers, getter);
      expect(trace.getSpanContext(found)).toMatchObject({ traceId: TRACE_ID });
      expect(baggageOf(found)).toEqual({ user: '7' });
    }
    expect(told).toEqual([
      'clew: header cannot be read: tracestate: no tracestate',
      'clew: the names of headers cannot be read: no keys',
      'clew: header cannot be read: uber-trace-id: no uber-trace-id',
    ]);
  });

  test('writes on where a setter throws, and says so once', () => {
    const told = listen();
    const propagator = createPropagator(['b3', 'tracecontext', 'baggage']);
    for (let i = 0; i < 3; i++) {
      const headers: Record<string, string> = {};
      propagator.inject(contextWith({}, { user: '7' }), headers, {
        set: (carrier, key, value) => {
          if (key === 'b3') throw new Error('no b3');
          defaultTextMapSetter.set(carrier, key, value);
        },
      });
      expect(headers).toEqual({ traceparent: TRACEPARENT, baggage: 'user=7' });
    }
    expect(told).toEqual(['clew: headers cannot be written: b3: no b3']);
  });

  test('says once which header it passes over, whatever stands in it', () => {
    const told = listen();
    const propagator = createPropagator(PROPAGATOR_NAMES);
    for (let i = 0; i < 100; i++) {
      const headers: Headers = {
        traceparent: `garbage ${i}`,
        b3: [`${i}`, '1'],
        [`uberctx-${i}`]: 'x'.repeat(9000),
      };
      propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    }
    const what = 'clew: header is malformed, oversized or duplicated and passed over:';
    expect(told).toEqual([`${what} traceparent`, `${what} b3`, `${what} uberctx-`]);
    propagator.extract(ROOT_CONTEXT, {}, defaultTextMapGetter);
    propagator.extract(ROOT_CONTEXT, { traceparent: '', tracestate: '' }, defaultTextMapGetter);
    expect(told).toHaveLength(3);
  });
});

describe('with any set of formats', () => {
  const sets = fc.shuffledSubarray([...PROPAGATOR_NAMES]);
  const hexId = (digits: number): fc.Arbitrary<string> =>
    fc
      .stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`))
      .filter((id) => !/^0+$/.test(id) && id.length === digits);

  test('extract answers with a context and does not throw, whatever junk the headers are', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        TRACEPARENT,
        `${TRACE_ID}-${SPAN_ID}-d`,
        '0',
        'd',
        'a=1',
        'a=%ff;x',
        'x=\ud800',
      ),
      fc.constantFrom(`${TRACE_ID}:${SPAN_ID}:0:3`, `${TRACE_ID}%3a${SPAN_ID}%3A%30:1`, TRACE_ID),
    );
    const value = fc.oneof(text, fc.array(fc.oneof(text, fc.anything())), fc.anything());
    const names = [
      ...SINGLE_HEADERS,
      'tracestate',
      'baggage',
      'uberctx-a',
      'UBERCTX-',
      'uberctx-ü',
    ];
    const headers = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), value);
    fc.assert(
      fc.property(sets, headers, fc.boolean(), (names, headers, hasParent) => {
        const before = hasParent ? contextWith({}, { user: '7' }) : ROOT_CONTEXT;
        const found = extract(names, headers, before);
        const span = trace.getSpanContext(found);
        if (hasParent || span !== undefined) {
          expect(span?.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
          expect(span?.spanId).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
        }
        for (const [key, value] of Object.entries(baggageOf(found))) {
          expect(typeof key).toBe('string');
          expect(typeof value).toBe('string');
        }
        inject(names, found);
      }),
      { numRuns: 500 },
    );
  });

  test('extract reads what inject has written', () => {
    const key = fc.stringMatching(/^[a-z0-9!#$&'*+.^_`|~-]{1,8}$/);
    const value = fc.string({ unit: 'grapheme', maxLength: 20 });
    const span = fc.record({
      traceId: hexId(32),
      spanId: hexId(16),
      traceFlags: fc.constantFrom(0, 1),
    });
    fc.assert(
      fc.property(
        sets,
        span,
        fc.dictionary(key, value, { maxKeys: 10 }),
        (names, span, baggage) => {
          const found = extract(names, inject(names, contextWith(span, baggage)));
          const carriesTrace = names.some((name) => name !== 'baggage');
          const carriesBaggage = names.includes('baggage') || names.includes('jaeger');
          expect(trace.getSpanContext(found)).toEqual(
            carriesTrace ? { ...span, isRemote: true } : undefined,
          );
          expect(baggageOf(found)).toEqual(carriesBaggage ? baggage : {});
        },
      ),
    );
  });
});
