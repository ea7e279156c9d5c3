import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { ROOT_CONTEXT, TraceFlags, propagation, trace } from '@opentelemetry/api';
import type { Context, SpanContext } from '@opentelemetry/api';
import { afterEach, describe, expect, test } from 'vitest';
import {
  contextFromEnv,
  extract,
  init,
  inject,
  injectIntoEnv,
  runInContext,
  startSpan,
  startSpanFromContext,
} from '../index.ts';
import type { Clew, InitOptions } from '../index.ts';

const PARENT: SpanContext = {
  traceId: '80f198ee56343ba864fe8b2a57d3eff7',
  spanId: 'e457b5a2e4d86bd1',
  traceFlags: TraceFlags.SAMPLED,
};
const W3C = { traceparent: `00-${PARENT.traceId}-${PARENT.spanId}-01` };

let clew: Clew | undefined;

afterEach(async () => {
  await clew?.shutdown();
});

function start(propagators?: InitOptions['propagators']): void {
  clew = init({
    serviceName: 'shop',
    endpoint: 'http://127.0.0.1:1',
    ...(propagators === undefined ? {} : { propagators }),
  });
}

function outgoing(): Context {
  const baggage = propagation.createBaggage({ 'user.tier': { value: 'gold, silver' } });
  return propagation.setBaggage(trace.setSpanContext(ROOT_CONTEXT, PARENT), baggage);
}

function parentOf(carrier: Parameters<typeof extract>[0]): Partial<SpanContext> | undefined {
  const parent = trace.getSpanContext(extract(carrier, ROOT_CONTEXT));
  return (
    parent && { traceId: parent.traceId, spanId: parent.spanId, traceFlags: parent.traceFlags }
  );
}

describe('propagation', () => {
  test.each([
    [undefined, { ...W3C, baggage: 'user.tier=gold%2C%20silver' }],
    [['tracecontext'] as const, W3C],
    [['b3'] as const, { b3: `${PARENT.traceId}-${PARENT.spanId}-1` }],
    [
      ['b3multi', 'tracecontext'] as const,
      {
        ...W3C,
        'x-b3-traceid': PARENT.traceId,
        'x-b3-spanid': PARENT.spanId,
        'x-b3-sampled': '1',
      },
    ],
    [
      ['jaeger'] as const,
      {
        'uber-trace-id': `${PARENT.traceId}:${PARENT.spanId}:0:1`,
        'uberctx-user.tier': 'gold%2C%20silver',
      },
    ],
    [[] as const, {}],
  ])('as %j writes these headers, and reads them', (names, headers) => {
    start(names);
    expect(inject({}, outgoing())).toEqual(headers);
    const ctx = extract(headers, ROOT_CONTEXT);
    expect(parentOf(headers)).toEqual(Object.keys(headers).length === 0 ? undefined : PARENT);
    const isCarried = names === undefined || names[0] === 'jaeger';
    expect(propagation.getBaggage(ctx)?.getEntry('user.tier')?.value).toBe(
      isCarried ? 'gold, silver' : undefined,
    );
  });

  test('takes the last parent that is found, and one that is malformed takes none away', () => {
    start(['tracecontext', 'b3', 'jaeger']);
    const other = '11111111111111111111111111111111';
    expect(parentOf({ ...W3C, b3: 'broken', 'uber-trace-id': '0:0:0:0' })).toEqual(PARENT);
    expect(parentOf({ ...W3C, b3: `${other}-${PARENT.spanId}-1` })).toMatchObject({
      traceId: other,
    });
  });

  test('has no parent in headers that are malformed, doubled or huge', () => {
    start(['tracecontext', 'baggage', 'b3', 'b3multi', 'jaeger']);
    const huge = 'x'.repeat(1_000_000);
    const header = W3C.traceparent;
    for (const odd of [huge, '', [header, header], `${header},${header}`, 7, null, {}]) {
      const carrier = { traceparent: odd, b3: odd, 'uber-trace-id': odd, baggage: odd };
      expect(parentOf(carrier)).toBeUndefined();
    }
    expect(parentOf({ ...W3C, tracestate: huge })).toEqual(PARENT);
  });

  test('reads carriers of every kind, whatever case their names are in', () => {
    start();
    const upper = { Traceparent: Buffer.from(W3C.traceparent) };
    for (const carrier of [
      upper,
      new Map(Object.entries(upper)),
      new Headers(W3C),
      Object.assign(Object.create(null), { TRACEPARENT: [W3C.traceparent] }),
    ]) {
      expect(parentOf(carrier as Record<string, unknown>)).toEqual(PARENT);
    }
    expect(inject(new Map<string, string>(), outgoing()).get('traceparent')).toBe(W3C.traceparent);
    expect(inject(new Headers(), outgoing()).get('traceparent')).toBe(W3C.traceparent);
  });
});

test('a process that is started with the context in its environment joins the trace', async () => {
  start();
  const program = 'process.stdout.write(JSON.stringify(process.env))';
  const env = injectIntoEnv({ PATH: process.env['PATH'] }, outgoing());
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], { env });
  const received = JSON.parse(stdout) as NodeJS.ProcessEnv;
  expect(received['TRACEPARENT']).toBe(W3C.traceparent);
  const { span } = startSpanFromContext(contextFromEnv(received, ROOT_CONTEXT), 'in-child');
  expect(span.spanContext().traceId).toBe(PARENT.traceId);
});

test('a worker thread is given the context with its data', async () => {
  start();
  const source = `const { parentPort, workerData } = require('node:worker_threads');
    parentPort.postMessage(workerData.context);`;
  const span = startSpan('in-parent');
  const ctx = trace.setSpan(ROOT_CONTEXT, span);
  const data = { context: runInContext(ctx, () => inject({})) };
  const worker = new Worker(source, { eval: true, workerData: data });
  const [received] = (await once(worker, 'message')) as [Record<string, unknown>];
  expect(parentOf(received)?.spanId).toBe(span.spanContext().spanId);
  await worker.terminate();
});
