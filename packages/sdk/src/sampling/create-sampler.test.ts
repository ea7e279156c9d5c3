import { execFile } from 'node:child_process';
import http from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { resolveConfig } from '../config/resolve-config.ts';
import { init, startSpan, withSpan } from '../index.ts';
import type { Clew, InitOptions } from '../index.ts';
import { OtlpSink } from '../testing/otlp-sink.ts';
import { createSampler } from './create-sampler.ts';

test.each([
  ['always_on', undefined, 'AlwaysOn'],
  ['always_off', undefined, 'AlwaysOff'],
  ['traceidratio', 0.25, 'TraceIdRatioBased{0.25}'],
  ['parentbased_always_on', undefined, 'ParentBased{root=AlwaysOn}'],
  ['parentbased_always_off', undefined, 'ParentBased{root=AlwaysOff}'],
  ['parentbased_traceidratio', '0.5', 'ParentBased{root=TraceIdRatioBased{0.5}}'],
  [
    'parentbased_jaeger_remote',
    'endpoint=http://127.0.0.1:1',
    'ParentBased{root=JaegerRemote{endpoint=http://127.0.0.1:1/sampling,pollingIntervalMs=60000,initialSamplingRate=0.001}}',
  ],
] as const)('%s with %s is %s', (sampler, samplerArg, description) => {
  const options: InitOptions = { sampler, ...(samplerArg !== undefined && { samplerArg }) };
  const created = createSampler(resolveConfig(options, {}).sampler, 'shop');
  expect(created.description).toBe(description);
  created.close?.();
});

describe('after init', () => {
  let sink: OtlpSink;
  let clew: Clew | undefined;

  beforeEach(async () => {
    sink = await OtlpSink.start();
  });

  afterEach(async () => {
    await clew?.shutdown();
    await sink.stop();
  });

  test('the spans that are sent say how many they stand for, children too', async () => {
    clew = init({ endpoint: sink.endpoint, sampler: 'parentbased_traceidratio', samplerArg: 0.5 });
    for (let i = 0; i < 100; i++) withSpan('root', () => withSpan('child', () => i));
    await clew.forceFlush();
    expect(sink.spans.length).toBeGreaterThan(40);
    expect(sink.spans.length).toBeLessThan(160);
    expect(new Set(sink.spans.map((span) => span.traceState))).toEqual(new Set(['ot=th:8']));
    const children = sink.spans.filter((span) => span.name === 'child');
    expect(children).toHaveLength(sink.spans.length / 2);
  });

  test('a sampler of the program decides, and its attributes are on the span', async () => {
    const sampler = {
      description: 'Mine',
      decide: ({ name }: { readonly name: string }) => ({
        isSampled: name === 'kept',
        attributes: { rule: 'by name' },
      }),
    };
    clew = init({ endpoint: sink.endpoint, sampler });
    startSpan('kept').finish();
    startSpan('dropped').finish();
    await clew.forceFlush();
    expect(sink.spans.map((span) => span.name)).toEqual(['kept']);
    expect(sink.spans[0]?.attributes).toContainEqual({
      key: 'rule',
      value: { type: 'string', value: 'by name' },
    });
  });

  test('a program does not wait at its end for a sampling endpoint that hangs', async () => {
    const hanging = http.createServer(() => undefined);
    await new Promise<void>((resolve) => {
      hanging.listen(0, '127.0.0.1', resolve);
    });
    const { port } = hanging.address() as AddressInfo;
    const program = `const { init } = await import('${INDEX}');
      init({ sampler: 'jaeger_remote', samplerArg: 'endpoint=http://127.0.0.1:${port}' });
      await new Promise((resolve) => setTimeout(resolve, 300));
      console.log(performance.now());
      process.on('exit', () => console.log(performance.now()));`;
    const { stdout } = await promisify(execFile)(process.execPath, [...TSX_ARGS, '-e', program]);
    const [before = 0, after = 0] = stdout.trim().split('\n').map(Number);
    expect(after - before).toBeLessThan(1000);
    hanging.closeAllConnections();
    hanging.close();
  });
});

const INDEX = pathToFileURL(fileURLToPath(new URL('../index.ts', import.meta.url))).href;
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const TSX_ARGS = ['--conditions=@clew/source', '--import', TSX, '--input-type=module'];
