import { ROOT_CONTEXT, SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import type { Span as ApiSpan, SpanContext } from '@opentelemetry/api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeJson } from '../testing/decode-json.ts';
import { DEFAULT_SPAN_LIMITS } from '../trace/span-limits.ts';
import type { SpanLimits } from '../trace/span-limits.ts';
import { PageTracerProvider } from './page-tracer.ts';
import { SpanQueue } from './span-queue.ts';
import { TurnContextManager } from './turn-context-manager.ts';

const contexts = new TurnContextManager();

beforeAll(() => {
  context.setGlobalContextManager(contexts);
});

afterAll(() => {
  context.disable();
});

interface Page {
  readonly start: ReturnType<PageTracerProvider['getTracer']>['startSpan'];
  /** The spans that have ended, as a receiver reads them. */
  readonly sent: () => ReturnType<typeof decodeJson>;
  readonly queue: SpanQueue;
}

function createPage(options: { sampleRatio?: number; limits?: Partial<SpanLimits> } = {}): Page {
  const queue = new SpanQueue({
    attributes: [{ key: 'service.name', value: { stringValue: 'page' } }],
  });
  const provider = new PageTracerProvider({
    sampleRatio: options.sampleRatio ?? 1,
    limits: { ...DEFAULT_SPAN_LIMITS, ...options.limits },
    onTracer: () => undefined,
    onEnd: (scope, json) => queue.push(scope, json),
  });
  const tracer = provider.getTracer('test', '1.0');
  return {
    start: (...args) => tracer.startSpan(...args),
    queue,
    sent: () => {
      const bodies: Uint8Array[] = [];
      for (let request = queue.take(); request !== undefined; request = queue.take()) {
        bodies.push(request.body);
      }
      return decodeJson(bodies);
    },
  };
}

const REMOTE: SpanContext = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: 1,
  isRemote: true,
};
const BELOW_REMOTE = trace.setSpanContext(ROOT_CONTEXT, REMOTE);

test('a span with everything arrives as it was made', () => {
  const { start, sent } = createPage();
  const span = start(
    'buy',
    {
      kind: SpanKind.CLIENT,
      startTime: [1_700_000_000, 5],
      attributes: {
        text: 'ü',
        int: -7,
        double: 0.5,
        is: true,
        list: ['a', 'b'],
        nothing: undefined,
      },
      links: [{ context: REMOTE, attributes: { why: 'batch' } }],
    },
    BELOW_REMOTE,
  );
  span.addEvent('retry', { attempt: 2 }, [1_700_000_000, 7]);
  span.recordException(new TypeError('no stock'));
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'no stock' });
  span.end([1_700_000_001, 0]);
  span.setAttribute('late', 1).updateName('late').end();
  const [first, ...others] = sent();
  expect(others).toEqual([]);
  expect(first).toMatchObject({
    traceId: REMOTE.traceId,
    parentSpanId: REMOTE.spanId,
    name: 'buy',
    kind: 'client',
    startUnixNano: 1_700_000_000_000_000_005n,
    durationNano: 999_999_995n,
    status: 'error',
    statusMessage: 'no stock',
    attributes: [
      { key: 'text', value: { type: 'string', value: 'ü' } },
      { key: 'int', value: { type: 'int', value: -7n } },
      { key: 'double', value: { type: 'double', value: 0.5 } },
      { key: 'is', value: { type: 'bool', value: true } },
      { key: 'list', value: { type: 'array' } },
    ],
    events: [
      { name: 'retry', timeUnixNano: 1_700_000_000_000_000_007n },
      { name: 'exception', attributes: [{ key: 'exception.type' }, {}, {}] },
    ],
    links: [{ traceId: REMOTE.traceId, spanId: REMOTE.spanId, attributes: [{ key: 'why' }] }],
    resource: { service: 'page' },
    scope: { name: 'test', version: '1.0' },
    flags: 0x301,
  });
});

test('whatever a page puts into a span, a receiver can read it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.anything(), fc.anything(), (name, key, value) => {
      const { start, sent } = createPage();
      const span = start(name, { kind: value as SpanKind, startTime: value as number });
      span.setAttribute(key as string, value as string);
      span.setAttribute('x', value as string);
      span.addEvent(key as string, value as never, value as never);
      span.setStatus({ code: value as SpanStatusCode, message: value as string });
      span.end(value as number);
      expect(sent()).toHaveLength(1);
    }),
  );
});

test('what is over a limit is cut or left out, and counted', () => {
  const limits = { attributeCount: 2, attributeValueLength: 3, eventCount: 1, linkCount: 1 };
  const { start, sent } = createPage({ limits });
  const span = start('limited', { attributes: { a: 'ab😀', b: 1, c: 2 } });
  span.addEvent('one').addEvent('two').addLink({ context: REMOTE }).addLink({ context: REMOTE });
  span.setAttribute('b', 3).end();
  expect(sent()).toMatchObject([
    {
      attributes: [
        { key: 'a', value: { value: 'ab' } },
        { key: 'b', value: { value: 3n } },
      ],
      droppedAttributesCount: 1,
      events: [{ name: 'one' }],
      droppedEventsCount: 1,
      links: [{}],
      droppedLinksCount: 1,
    },
  ]);
});

describe('times', () => {
  test('of the page’s own clock, of the calendar, and none at all are understood', () => {
    const { start, sent } = createPage();
    const origin = performance.timeOrigin;
    start('page', { startTime: 1.5 }).end(2.25);
    start('date', { startTime: new Date(origin + 1000) }).end(origin + 2000);
    start('none', { startTime: 1 }).end(Number.NaN);
    const [page, date, none] = sent();
    expect(Number(page?.durationNano)).toBe(750_000);
    expect(Math.abs(Number(date?.durationNano) - 1e9)).toBeLessThan(1e6);
    expect(Number(none?.durationNano)).toBeGreaterThan(0);
  });

  test('an end before the start is the start', () => {
    const { start, sent } = createPage();
    start('odd', { startTime: [1_700_000_000, 0] }).end([1_600_000_000, 0]);
    expect(sent()).toMatchObject([{ durationNano: 0n }]);
  });
});

describe('sampling', () => {
  test('keeps about the share that is asked for, and says so to the receiver', () => {
    const { start, sent } = createPage({ sampleRatio: 0.25 });
    for (let i = 0; i < 2000; i++) start('root', { root: true }).end();
    const spans = sent();
    // Six standard deviations to both sides.
    expect(spans.length).toBeGreaterThan(384);
    expect(spans.length).toBeLessThan(616);
    expect(new Set(spans.map(({ traceState }) => traceState))).toEqual(new Set(['ot=th:c']));
  });

  test('follows the server’s decision, and children their parents', () => {
    const none = createPage({ sampleRatio: 0 });
    const below = (page: Page, span: ApiSpan): ApiSpan =>
      page.start('child', {}, trace.setSpan(ROOT_CONTEXT, span));
    below(none, none.start('sampled', {}, BELOW_REMOTE)).end();
    expect(none.sent()).toMatchObject([{ name: 'child', traceId: REMOTE.traceId }]);
    const all = createPage();
    const unsampled = trace.setSpanContext(ROOT_CONTEXT, { ...REMOTE, traceFlags: 0 });
    const child = below(all, all.start('unsampled', {}, unsampled));
    child.end();
    expect(child.spanContext()).toMatchObject({ traceId: REMOTE.traceId, traceFlags: 0 });
    expect(all.sent()).toEqual([]);
  });
});

describe('the queue', () => {
  test('makes requests that may outlive the page, with every span in one of them', () => {
    const { start, queue } = createPage();
    for (let i = 0; i < 500; i++)
      start(`span-${i}`, { attributes: { text: 'ü'.repeat(100) } }).end();
    let spanCount = 0;
    for (let request = queue.take(); request !== undefined; request = queue.take()) {
      spanCount += request.spanCount;
      expect(request.body.length).toBeLessThan(65_000);
    }
    expect(spanCount).toBe(500);
  });

  test('lets the oldest go when more wait than may', () => {
    const { start, sent } = createPage();
    for (let i = 0; i < 3000; i++) start(`span-${i}`).end();
    const names = sent().map(({ name }) => name);
    expect(names).toHaveLength(2048);
    expect(names.at(-1)).toBe('span-2999');
  });
});
