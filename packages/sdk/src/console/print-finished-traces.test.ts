import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { init, startSpan, withSpan } from '../index.ts';
import type { Clew } from '../index.ts';
import { OtlpSink } from '../testing/otlp-sink.ts';
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

test('still sends the spans', async () => {
  startSpan('sent').end();
  await clew.forceFlush();
  expect(sink.spans.map(({ name }) => name)).toEqual(['sent']);
});

test('prints chains of any depth', () => {
  const spans = Array.from({ length: 1000 }, (_, i) => ({
    spanId: String(i),
    parentSpanId: i === 0 ? undefined : String(i - 1),
    name: `span-${i}`,
    startMs: i,
    durationMs: 1,
    error: undefined,
  }));
  expect(formatTree('id', spans).split('\n')).toHaveLength(1002);
});
