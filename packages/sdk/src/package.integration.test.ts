import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SDK_NAME, SDK_VERSION } from './version.ts';

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));

let folder: string;

/** Installs the packed library beside nothing but its peer, as an application would. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clew-sdk-'));
  await run('npm', ['run', 'build'], { cwd: PACKAGE });
  await run('npm', ['pack', '--pack-destination', folder], { cwd: PACKAGE });
  const target = join(folder, 'node_modules', '@clew', 'sdk');
  await mkdir(target, { recursive: true });
  const tarball = join(folder, `clew-sdk-${SDK_VERSION}.tgz`);
  await run('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
  for (const name of ['@opentelemetry', '@types', 'undici-types']) {
    await symlink(join(MODULES, name), join(folder, 'node_modules', name));
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('the packed library type-checks for its user, strictly and with its own types checked', async () => {
  await writeFile(
    join(folder, 'user.ts'),
    `import { activeSpan, init, startSpanFromContext, activeContext, withSpan } from '@clew/sdk';
     import type { Clew, Span } from '@clew/sdk';
     const clew: Clew = init({ serviceName: 'user', limits: { linkCount: 3 } });
     const length: Promise<number> = withSpan('work', { size: 1 }, async (span: Span) => {
       const { span: child } = startSpanFromContext(activeContext(), 'child');
       child.finish();
       activeSpan()?.setAttribute('a', span.isRecording());
       return clew.stats.endedSpanCount;
     });
     await length;
     await clew.shutdown();
     // @ts-expect-error The name is a text.
     init({ serviceName: 7 });`,
  );
  const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022'];
  await run(join(MODULES, '.bin', 'tsc'), [...options, '--types', 'node', 'user.ts'], {
    cwd: folder,
  });
});

test('the packed library runs with nothing beside it but the OpenTelemetry API', async () => {
  const program = `
    import { init, withSpan } from '@clew/sdk';
    const clew = init({ serviceName: 'user', endpoint: 'http://127.0.0.1:1' });
    await withSpan('work', async () => 1);
    await clew.shutdown();
    console.log(JSON.stringify(clew.stats));`;
  await writeFile(join(folder, 'user.js'), program);
  const { stdout } = await run(process.execPath, ['user.js'], { cwd: folder });
  expect(JSON.parse(stdout)).toMatchObject({ endedSpanCount: 1, droppedSpanCount: 1 });
  const bundle = await readFile(join(folder, 'node_modules/@clew/sdk/dist/index.js'), 'utf8');
  const imports = [...bundle.matchAll(/^(?:import|export)\b.* from "([^"]+)"/gm)];
  const outside = imports.map((match) => match[1] ?? '');
  expect(outside.filter((name) => !/^(node:|\.\/)/.test(name))).toEqual(['@opentelemetry/api']);
});

const OPENTRACING_PROGRAM = `
  const tracer = createTracer();
  opentracing.initGlobalTracer(tracer);
  const clew = init({ serviceName: 'user', endpoint: 'http://127.0.0.1:1' });
  const parent = opentracing.globalTracer().startSpan('parent');
  const child = opentracing.globalTracer().startSpan('child', { childOf: parent });
  child.finish();
  parent.finish();
  const isOneTrace = child.context().toTraceId() === parent.context().toTraceId();
  void clew.shutdown().then(() => {
    console.log(JSON.stringify({ isOneTrace, ...clew.stats }));
  });`;

describe('with opentracing beside it', () => {
  beforeAll(async () => {
    await symlink(join(MODULES, 'opentracing'), join(folder, 'node_modules', 'opentracing'));
  });

  test.each([
    [
      'ES modules',
      'tracing.mjs',
      `import opentracing from 'opentracing';
     import { init } from '@clew/sdk';
     import { createTracer } from '@clew/sdk/opentracing';`,
    ],
    [
      'CommonJS',
      'tracing.cjs',
      `const opentracing = require('opentracing');
     const { init } = require('@clew/sdk');
     const { createTracer } = require('@clew/sdk/opentracing');`,
    ],
  ])('the packed library is a tracer for OpenTracing in %s', async (_, file, imports) => {
    await writeFile(join(folder, file), `${imports}${OPENTRACING_PROGRAM}`);
    const { stdout, stderr } = await run(process.execPath, [file], { cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({ isOneTrace: true, endedSpanCount: 2 });
    expect(stderr).toBe('');
  });

  test('the tracer for OpenTracing type-checks in both kinds of modules', async () => {
    const program = `
    import { initGlobalTracer, type Span, type Tracer } from 'opentracing';
    import { runInContext } from '@clew/sdk';
    import { contextOf, createTracer, spanContextFrom } from '@clew/sdk/opentracing';
    const tracer: Tracer = createTracer({ followsActiveSpan: true });
    initGlobalTracer(tracer);
    const span: Span = tracer.startSpan('work', { childOf: spanContextFrom() });
    const length: number = runInContext(contextOf(span), () => 1);
    span.setTag('length', length).finish();
    // @ts-expect-error It is a flag.
    createTracer({ followsActiveSpan: 'yes' });`;
    await writeFile(join(folder, 'tracing-user.mts'), program);
    await writeFile(join(folder, 'tracing-user.cts'), program);
    const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022'];
    const files = ['tracing-user.mts', 'tracing-user.cts'];
    await run(join(MODULES, '.bin', 'tsc'), [...options, '--types', 'node', ...files], {
      cwd: folder,
    });
  });
});

test('the library tells its own name and version', async () => {
  const manifest: unknown = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8'));
  expect(manifest).toMatchObject({ name: SDK_NAME, version: SDK_VERSION });
});
