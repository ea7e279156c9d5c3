/** What programs without types, and programs with faults, do to the library: they never notice. */
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { DiagLogger, Span, TraceState } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  activeContext,
  contextFromEnv,
  extract,
  init,
  inject,
  injectIntoEnv,
  runInContext,
  setHttpRoute,
  startSpan,
  startSpanFromContext,
  traced,
  withSpan,
} from './index.ts';
import type { Clew } from './index.ts';
import type { SpanSampler } from './sampling/sampler.ts';
import { OtlpSink } from './testing/otlp-sink.ts';

const IDS = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 };
const TRACEPARENT = `00-${IDS.traceId}-${IDS.spanId}-01`;

/** Throws whatever is done with it. */
const DEFIANT: unknown = new Proxy(
  {},
  new Proxy(
    {},
    {
      get: () => () => {
        throw new Error('defiant');
      },
    },
  ),
);
const CYCLIC: Record<string, unknown> = {};
CYCLIC['self'] = CYCLIC;
const DEFIANT_LIST = Object.defineProperty([1], 0, {
  get: () => {
    throw new Error('defiant');
  },
});

const NO_OBJECTS = [
  undefined,
  null,
  true,
  7,
  -1,
  Number.NaN,
  Infinity,
  10n,
  Symbol('s'),
  '',
  'text',
];
const LISTS = [
  [],
  [CYCLIC],
  [DEFIANT],
  DEFIANT_LIST,
  [Symbol('s'), 1n],
  [1n, 2n],
  [{ context: null }],
];
const BINARY = [new Float64Array(3), new Uint8Array(1e6), Buffer.from('x')];
const OBJECTS = [
  {},
  () => 1,
  new Map(),
  new Date(Number.NaN),
  Object.create(null),
  CYCLIC,
  DEFIANT,
];
const LINKS = [
  { context: undefined },
  { context: { ...IDS, traceState: 'a=1' } },
  { context: { ...IDS, traceFlags: 1n } },
];
const STATUSES = [{ code: Symbol('s') }, { code: 2, message: DEFIANT }, { code: 2, message: 7 }];
const OPTIONS = [
  { links: 7 },
  { links: [7, null] },
  { links: DEFIANT },
  { attributes: DEFIANT },
  { attributes: 'text' },
  { startTime: [1n] },
  { startTime: Symbol('s') },
  { kind: 'x' },
  { kind: Symbol('s') },
  { root: 'x' },
];
const LARGE = ['x'.repeat(1e6), '\ud800'.repeat(1e5), Array.from({ length: 1e5 })];
const VALUES: readonly unknown[] = [
  ...NO_OBJECTS,
  ...LISTS,
  ...BINARY,
  ...OBJECTS,
  ...LINKS,
  ...STATUSES,
  ...OPTIONS,
  ...LARGE,
];

let sink: OtlpSink;
let clew: Clew;
let messages: string[];

beforeEach(async () => {
  sink = await OtlpSink.start();
  messages = [];
  start();
});

afterEach(async () => {
  await clew.shutdown();
  await sink.stop();
});

function start(sampler?: SpanSampler): void {
  const log = (message: string): void => void messages.push(message);
  const logger: DiagLogger = { error: log, warn: log, info: log, debug: log, verbose: log };
  const options = { serviceName: 'app', endpoint: sink.endpoint, logger };
  clew = init(sampler === undefined ? options : { ...options, sampler });
}

/** Every span that ended has arrived, whatever was done to it. */
async function expectAllSent(atLeast: number): Promise<void> {
  await clew.forceFlush();
  const { endedSpanCount, exportedSpanCount } = clew.stats;
  expect(exportedSpanCount).toBe(endedSpanCount);
  expect(sink.spans).toHaveLength(endedSpanCount);
  expect(endedSpanCount).toBeGreaterThanOrEqual(atLeast);
}

function endEach(...spans: readonly Span[]): void {
  for (const span of spans) span.end();
}

type Use = (value: never) => void;

const USES: Readonly<Record<string, Use>> = {
  'the name, options or context of a span': (value) => {
    const tracer = trace.getTracer('test');
    endEach(
      tracer.startSpan(value),
      tracer.startSpan('a', value),
      tracer.startSpan('a', {}, value),
      tracer.startActiveSpan(value, (span) => span),
      tracer.startActiveSpan('a', value, (span) => span),
      tracer.startActiveSpan('a', {}, value, (span) => span),
      startSpan(value, value),
      startSpanFromContext(value, value, value).span,
    );
  },
  'the parent of a span': (value) => {
    for (const ctx of [
      trace.setSpan(ROOT_CONTEXT, value),
      trace.setSpan(ROOT_CONTEXT, { spanContext: () => value } as unknown as Span),
      trace.setSpanContext(ROOT_CONTEXT, value),
      trace.setSpanContext(ROOT_CONTEXT, { ...IDS, traceFlags: value }),
      trace.setSpanContext(ROOT_CONTEXT, { ...IDS, traceState: value }),
      trace.setSpanContext(ROOT_CONTEXT, {
        ...IDS,
        traceState: { get: () => value, serialize: () => value } as unknown as TraceState,
      }),
    ]) {
      const span = trace.getTracer('test').startSpan('a', {}, ctx);
      inject({}, trace.setSpan(ROOT_CONTEXT, span));
      inject({}, ctx);
      span.end();
    }
  },
  'the name, version, schema of a tracer': (value) => {
    const provider = trace.getTracerProvider();
    endEach(
      provider.getTracer(value).startSpan('a'),
      provider.getTracer('t', value).startSpan('a'),
      provider.getTracer('t', '1', value).startSpan('a'),
      provider.getTracer('t', '1', { schemaUrl: value }).startSpan('a'),
    );
  },
  'what a span is told': (value) => {
    const span = trace.getTracer('test').startSpan('a');
    span.setAttribute(value, 1).setAttribute('k', value).setAttributes(value);
    span.addEvent(value).addEvent('e', value).addEvent('e', {}, value);
    span.addLink(value).addLinks(value).addLinks([value]);
    span.addLink({ context: value }).addLink({ context: IDS, attributes: value });
    span.updateName(value).setStatus(value);
    span.recordException(value);
    span.recordException(new Error('x'), value);
    span.end(value);
  },
  'what a span is told after its end': (value) => {
    const span = trace.getTracer('test').startSpan('a');
    span.end();
    span.end(value);
    span.setAttribute('k', value).addEvent('e', value).updateName(value).setStatus(value);
    span.recordException(value);
  },
  'headers, environments and contexts': (value) => {
    startSpan('a').end();
    extract(value);
    extract({ traceparent: value, tracestate: value, baggage: value });
    expect(trace.getSpan(extract({ traceparent: TRACEPARENT }, value))).toBeDefined();
    inject(value);
    inject({}, value);
    injectIntoEnv({}, value);
    contextFromEnv(value);
    contextFromEnv({}, value);
    setHttpRoute(value);
    const inside = runInContext(value, () => [activeContext().getValue(Symbol('k')), 5]);
    expect(inside).toEqual([undefined, 5]);
  },
  'the name or attributes of a function': (value) => {
    expect(withSpan(value, () => 5)).toBe(5);
    expect(withSpan('a', value, () => 5)).toBe(5);
    expect(traced(() => 5, { name: value })()).toBe(5);
    expect(traced(() => 5, { kind: value, attributes: () => value })()).toBe(5);
  },
  'what a function answers or throws': (value) => {
    expect(
      Object.is(
        withSpan('a', () => value),
        value,
      ),
    ).toBe(true);
    let caught: unknown;
    try {
      withSpan('a', () => {
        throw value;
      });
    } catch (thrown) {
      caught = thrown;
    }
    expect(Object.is(caught, value)).toBe(true);
  },
};

describe('nothing throws into the application, and every span arrives', () => {
  test.each(Object.entries(USES))('whatever is %s', async (_, use) => {
    for (const value of [...VALUES, ...VALUES]) use(value as never);
    await expectAllSent(2 * VALUES.length);
    expect(new Set(messages).size).toBe(messages.length);
    expect(messages.length).toBeLessThanOrEqual(20);
  });
});

describe('the diagnostics say once', () => {
  test('that a span was ended twice, or changed after its end', () => {
    for (let i = 0; i < 10; i++) {
      const span = startSpan('order');
      span.end();
      span.end();
      span.setAttribute('late', true);
    }
    expect(messages).toEqual(['clew: a span has ended and cannot change: "order"']);
    expect(clew.stats.endedSpanCount).toBe(10);
  });

  test('which attribute is none, but not that one has no value', () => {
    for (let i = 0; i < 10; i++) {
      const odd = { user: {}, none: undefined, nothing: null } as object;
      startSpan('order', { attributes: odd as never })
        .setAttributes(odd as never)
        .end();
    }
    const what = 'an attribute that is no text, number, boolean or list of them is left out';
    expect(messages).toEqual([`clew: ${what}: "user"`]);
  });

  test('that the attributes of a traced function fail', () => {
    const fail = traced(() => 5, {
      name: 'work',
      attributes: () => {
        throw new Error('no');
      },
    });
    for (let i = 0; i < 10; i++) expect(fail()).toBe(5);
    expect(messages).toEqual(['clew: attributes of a traced function threw: no']);
  });

  test('no more than twenty different things, however many there are', () => {
    for (let i = 0; i < 100; i++)
      startSpan('a')
        .setAttribute(`key-${i}`, {} as never)
        .end();
    expect(messages).toHaveLength(20);
  });
});

describe("the application's own", () => {
  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['answers with nothing', () => undefined],
    ['answers with odd things', () => ({ decision: 2 })],
  ])('sampler that %s is told once, and parents decide', async (_, decide) => {
    await clew.shutdown();
    start({ description: 'Odd', decide: decide as SpanSampler['decide'] });
    for (let i = 0; i < 10; i++) startSpan('root').end();
    const quiet = trace.setSpanContext(ROOT_CONTEXT, { ...IDS, traceFlags: 0, isRemote: true });
    startSpanFromContext(quiet, 'below').span.end();
    await expectAllSent(10);
    expect(sink.spans).toHaveLength(10);
    expect(messages).toEqual([expect.stringContaining('the sampler fails, parents decide')]);
  });

  test('sampler that starts spans itself does not put them into the places of others', async () => {
    await clew.shutdown();
    let isAsking = false;
    start({
      description: 'Busy',
      decide: () => {
        if (!isAsking) {
          isAsking = true;
          startSpanFromContext(ROOT_CONTEXT, 'asking').span.end();
          isAsking = false;
        }
        return { isSampled: true };
      },
    });
    withSpan('outer', () => startSpan('inner', { attributes: { mine: true } }).end());
    await expectAllSent(4);
    const [outer, inner] = ['outer', 'inner'].map((n) => sink.spans.find((s) => s.name === n));
    expect(inner).toMatchObject({ traceId: outer?.traceId, parentSpanId: outer?.spanId });
    expect(inner?.attributes).toHaveLength(1);
    expect(new Set(sink.spans.map(({ spanId }) => spanId)).size).toBe(4);
  });

  test('logger that throws hurts nobody', async () => {
    await clew.shutdown();
    const fail = (): never => {
      throw new Error('no');
    };
    const logger = { error: fail, warn: fail, info: fail, debug: fail, verbose: fail };
    sink.answerWith(() => ({ status: 500 }));
    clew = init({ serviceName: 'app', endpoint: sink.endpoint, logger });
    const span = startSpan('a');
    span.end();
    span.end();
    await clew.forceFlush();
    expect(clew.stats).toMatchObject({ endedSpanCount: 1, rejectedSpanCount: 1 });
  });
});
