import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { ROOT_CONTEXT, propagation, trace } from '@opentelemetry/api';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  contextFromEnv,
  extract,
  init,
  inject,
  injectIntoEnv,
  runInContext,
  withSpan,
} from '../index.ts';
import type { Clew } from '../index.ts';
import {
  CARRIED_CONTEXT,
  OTHER,
  SPAN_ID,
  TRACEPARENT,
  TRACE_ID,
} from '../testing/carried-context.ts';
import { OtlpSink } from '../testing/otlp-sink.ts';
import { runProgram } from '../testing/run-program.ts';
import { createPropagator } from './create-propagator.ts';

const run = promisify(execFile);
describe('the environment', () => {
  beforeAll(() => {
    propagation.setGlobalPropagator(createPropagator(['tracecontext', 'baggage', 'jaeger']));
  });

  afterAll(() => {
    propagation.disable();
  });

  test('has the variables that OpenTelemetry names, in a copy', () => {
    const env = { PATH: '/bin', TRACEPARENT: OTHER, TRACESTATE: 'stale=1' };
    const copy = injectIntoEnv(env, CARRIED_CONTEXT);
    expect(copy).toEqual({
      PATH: '/bin',
      TRACEPARENT,
      BAGGAGE: 'user=Zo%C3%AB',
      UBER_TRACE_ID: `${TRACE_ID}:${SPAN_ID}:0:1`,
      UBERCTX_USER: 'Zo%C3%AB',
    });
    expect(env.TRACEPARENT).toBe(OTHER);
    expect(trace.getSpanContext(contextFromEnv(copy))?.traceId).toBe(TRACE_ID);
    const { UBER_TRACE_ID, UBERCTX_USER } = copy;
    const jaeger = contextFromEnv({ UBER_TRACE_ID, UBERCTX_USER });
    expect(propagation.getBaggage(jaeger)?.getEntry('user')?.value).toBe('Zoë');
  });

  test('is handed on as it is when nothing is traced', () => {
    const env = { TRACEPARENT: OTHER };
    expect(injectIntoEnv(env, ROOT_CONTEXT)).toEqual(env);
    expect(contextFromEnv({ TRACEPARENT: 'garbage', BAGGAGE: ',,' })).toBe(ROOT_CONTEXT);
  });
});

describe('across processes and threads, one trace', () => {
  let sink: OtlpSink;
  let clew: Clew;

  beforeEach(async () => {
    sink = await OtlpSink.start();
    clew = init({ serviceName: 'parent', endpoint: sink.endpoint });
  });

  afterEach(async () => {
    await clew.shutdown();
    await sink.stop();
  });

  test('what travels is what the option `propagators` says', async () => {
    await clew.shutdown();
    clew = init({ serviceName: 'parent', endpoint: sink.endpoint, propagators: ['b3', 'jaeger'] });
    withSpan('main', () => {
      expect(Object.keys(injectIntoEnv({ TRACEPARENT }))).toEqual([
        'TRACEPARENT',
        'B3',
        'UBER_TRACE_ID',
      ]);
    });
    expect(trace.getSpanContext(contextFromEnv({ TRACEPARENT }))).toBeUndefined();
    const found = contextFromEnv({ B3: `${TRACE_ID}-${SPAN_ID}-1` });
    expect(trace.getSpanContext(found)?.traceId).toBe(TRACE_ID);
  });

  /** Each below the one before. */
  async function expectChain(...names: readonly string[]): Promise<void> {
    await clew.forceFlush();
    const spans = await sink.waitFor((spans) => spans.length === names.length);
    const chain = names.map((name) => spans.find((span) => span.name === name));
    expect(chain.slice(1).map((span) => span?.parentSpanId)).toEqual(
      chain.slice(0, -1).map((span) => span?.spanId),
    );
    expect(new Set(spans.map((span) => span.traceId)).size).toBe(1);
  }

  test('a child process joins by its environment', async () => {
    await withSpan('spawn', async () => {
      const program = `
        const { contextFromEnv, init, runInContext, withSpan } = await from('index.ts');
        const clew = init({ serviceName: 'child', endpoint: '${sink.endpoint}' });
        runInContext(contextFromEnv(process.env), () => withSpan('child', () => 1));
        await clew.shutdown();`;
      const end = await runProgram(program, undefined, injectIntoEnv(process.env));
      expect(end).toMatchObject({ code: 0, stderr: '' });
    });
    await expectChain('spawn', 'child');
  });

  test('a shell in between hands the trace on', async () => {
    const traceparent = await withSpan('shell', async () => {
      const command = ['-c', 'echo $TRACEPARENT'];
      const { stdout } = await run('sh', command, { env: injectIntoEnv(process.env) });
      return stdout.trim();
    });
    await clew.forceFlush();
    const [span] = await sink.waitFor((spans) => spans.length === 1);
    expect(traceparent).toBe(`00-${span?.traceId}-${span?.spanId}-03`);
  });

  test('a worker thread joins by its workerData, and its answer joins by the message', async () => {
    const index = new URL('../index.ts', import.meta.url).href;
    const source = `(async () => {
      const { parentPort, workerData } = require('node:worker_threads');
      const { register } = await import('tsx/esm/api');
      register();
      const { extract, init, inject, runInContext, withSpan } = await import('${index}');
      const clew = init({ serviceName: 'worker', endpoint: '${sink.endpoint}' });
      runInContext(extract(workerData), () => {
        withSpan('work', () => parentPort.postMessage(inject({ job: workerData.job + 1 })));
      });
      await clew.shutdown();
    })()`;
    const execArgv = ['--conditions=@clew/source'];
    await withSpan('main', async () => {
      const worker = new Worker(source, { eval: true, execArgv, workerData: inject({ job: 7 }) });
      const answer = await new Promise<{ job: number }>((resolve, reject) => {
        worker.once('message', resolve).once('error', reject);
      });
      await once(worker, 'exit');
      expect(answer.job).toBe(8);
      runInContext(extract(answer), () => withSpan('answer', () => 1));
    });
    await expectChain('main', 'work', 'answer');
  });
});
