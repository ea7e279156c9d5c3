import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { extract, init, inject, runInContext, startSpan, withSpan } from '../index.ts';
import type { Clew } from '../index.ts';
import { OtlpSink } from '../testing/otlp-sink.ts';
import { runProgram } from '../testing/run-program.ts';
import { formatTree } from './format-tree.ts';

let sink: OtlpSink;
let clew: Clew;
let printed: string[];

beforeEach(async () => {
  printed = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  sink = await OtlpSink.start();
  clew = init({ serviceName: 'shop', endpoint: sink.endpoint, console: true });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await clew.shutdown();
  await sink.stop();
});

function lines(): readonly string[] {
  return printed
    .join('')
    .replaceAll(/·+ [\d.]+ ms/g, 'ms')
    .replace(/[0-9a-f]{32}/, 'ID')
    .split('\n');
}

test('prints a trace when its first span has ended, children below their parents', async () => {
  const failing = (): never => {
    throw new Error('no \u001B[31mstock');
  };
  withSpan('create-order', () => {
    withSpan('get-user', () => withSpan('query', () => 1));
    expect(() => withSpan('reserve', failing)).toThrow('stock');
  });
  await vi.waitFor(() => expect(printed).not.toEqual([]));
  expect(lines()).toEqual([
    'trace ID',
    '└─ create-order ms',
    '   ├─ get-user ms',
    '   │  └─ query ms',
    '   └─ reserve ms  ✗ no  [31mstock',
    '',
  ]);
});

test('prints a trace once where a service calls itself and work goes on after its answer', async () => {
  const client = startSpan('client');
  const carrier = runInContext(trace.setSpan(ROOT_CONTEXT, client), () => inject({}));
  const server = runInContext(extract(carrier), () => startSpan('server'));
  const work = runInContext(trace.setSpan(ROOT_CONTEXT, server), () => startSpan('work'));
  server.end();
  work.end();
  client.end();
  await vi.waitFor(() => expect(printed).not.toEqual([]));
  expect(lines()).toEqual(['trace ID', '└─ client ms', '   └─ server ms', '      └─ work ms', '']);
});

test('prints what ends after its trace was printed', async () => {
  const root = startSpan('root');
  const late = runInContext(trace.setSpan(ROOT_CONTEXT, root), () => startSpan('late'));
  root.end();
  await vi.waitFor(() => expect(printed).toHaveLength(1));
  late.end();
  await vi.waitFor(() => expect(printed).toHaveLength(2));
  expect(printed[1]).toContain('└─ late');
});

test('prints what is to be printed a moment later before it is shut down', async () => {
  startSpan('last').end();
  await clew.shutdown();
  expect(lines()).toEqual(['trace ID', '└─ last ms', '']);
});

test('still sends the spans', async () => {
  startSpan('sent').end();
  await clew.forceFlush();
  expect(sink.spans.map(({ name }) => name)).toEqual(['sent']);
});

test('prints chains of any depth', () => {
  const spans = Array.from({ length: 1000 }, (_, i) => ({
    spanId: String(i),
    parentSpanId: String(i - 1),
    name: `span-${i}`,
    startMs: i,
    durationMs: 1,
    error: undefined,
  }));
  expect(formatTree('id', spans).split('\n')).toHaveLength(1002);
});

describe('a trace that was to be printed a moment later', () => {
  test.each([
    ['a signal ends the process', '', { code: null, signal: 'SIGTERM' }],
    [
      'the application ends itself at a signal',
      "process.on('SIGTERM', () => process.exit(7));",
      { code: 7, signal: null },
    ],
    [
      'the application raises the signal again',
      `process.once('SIGTERM', () => setTimeout(() => process.kill(process.pid, 'SIGTERM'), 20));`,
      { code: null, signal: 'SIGTERM' },
    ],
  ])('is printed when %s', async (_, lines, end) => {
    const env = { ...process.env, OTEL_TRACES_EXPORTER: 'console' };
    const program = `
      const { init, startSpan } = await from('index.ts');
      const clew = init();
      setInterval(() => undefined, 1000);
      await clew.forceFlush();
      startSpan('last').finish();
      ${lines}
      process.kill(process.pid, 'SIGTERM');`;
    const { code, signal, stdout } = await runProgram(program, undefined, env);
    expect(stdout).toMatch(/^trace [0-9a-f]{32}\n└─ last ·+ [\d.]+ ms\n$/);
    expect({ code, signal }).toEqual(end);
  });
});
