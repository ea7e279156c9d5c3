import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Span } from '@clew/model';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OtlpSink } from './testing/otlp-sink.ts';
import { bundle, readStaticCode } from './testing/static-code.ts';
import { SDK_NAME, SDK_VERSION } from './version.ts';

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));

let folder: string;

/** Installs the packed library beside nothing but its peer, as an application would. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clew-sdk-'));
  await run('npm', ['pack', '--pack-destination', folder], { cwd: PACKAGE });
  const target = join(folder, 'node_modules', '@clew', 'sdk');
  await mkdir(target, { recursive: true });
  const tarball = join(folder, `clew-sdk-${SDK_VERSION}.tgz`);
  await run('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
  for (const name of await readdir(MODULES)) {
    if (name === '@clew' || name.startsWith('.')) continue;
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
  // What is rarely used is in files of its own.
  const dist = join(folder, 'node_modules/@clew/sdk/dist');
  const files = (await readdir(dist)).filter((name) => name.endsWith('.js'));
  const texts = await Promise.all(files.map((name) => readFile(join(dist, name), 'utf8')));
  const imports = [...texts.join('\n').matchAll(/^(?:import|export)\b.* from "([^"]+)"/gm)];
  const names = new Set(imports.map((match) => match[1] ?? ''));
  // `opentracing` is there for who uses the bridge to it, which nothing else imports.
  expect([...names].filter((name) => !/^(node:|\.\/)/.test(name)).toSorted()).toEqual([
    '@opentelemetry/api',
    'opentracing',
  ]);
  // The hook that instrumentations need for ES modules is not to see them, as `node-http.ts` says.
  expect([...names].filter((name) => /^node:https?$/.test(name))).toEqual([]);
});

test('a program that imports the packed library loads at most 60 kB of minified code', async () => {
  const entry = join(folder, 'node_modules/@clew/sdk/dist/index.js');
  expect(Buffer.byteLength(await readStaticCode(entry))).toBeLessThanOrEqual(60_000);
});

describe('the packed build for browsers', () => {
  test('is below 15 kB when it is compressed, with the API that it registers itself with', async () => {
    const entry = join(folder, 'node_modules/@clew/sdk/dist/browser.js');
    const own = gzipSync(await readStaticCode(entry)).length;
    await writeFile(join(folder, 'page.js'), `export * from '@clew/sdk/browser';`);
    const whole = gzipSync(await bundle(join(folder, 'page.js'))).length;
    expect(own).toBeLessThan(whole);
    expect(whole).toBeLessThan(15_000);
  });

  test('type-checks in a page that knows nothing of Node', async () => {
    await writeFile(
      join(folder, 'page.ts'),
      `import { init, withSpan } from '@clew/sdk/browser';
       import type { BrowserClew, Span } from '@clew/sdk/browser';
       const clew: BrowserClew = init({ serviceName: 'page', propagateTo: ['https://a.example', /b/] });
       const length: number = withSpan('work', (span: Span) => span.spanContext().spanId.length);
       document.title = String(length + clew.stats.beaconSpanCount);
       // @ts-expect-error It is a list.
       init({ propagateTo: 'https://a.example' });`,
    );
    const options = ['--strict', '--noEmit', '--module', 'esnext', '--target', 'es2022'];
    const page = ['--moduleResolution', 'bundler', '--lib', 'es2023,dom,esnext.disposable'];
    await run(join(MODULES, '.bin', 'tsc'), [...options, ...page, '--types', '', 'page.ts'], {
      cwd: folder,
    });
  });
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

/** What a program that was not written for tracing sends when it is started with the library in front. */
async function traceProgram(
  name: string,
  source: string,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly Span[]> {
  const sink = await OtlpSink.start();
  try {
    await writeFile(join(folder, name), source);
    await run(process.execPath, ['--import', '@clew/sdk/register', name], {
      cwd: folder,
      env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: sink.endpoint, ...env },
    });
    return sink.spans;
  } finally {
    await sink.stop();
  }
}

function find(spans: readonly Span[], scope: string, name: string): Span | undefined {
  return spans.find((span) => span.scope.name.endsWith(scope) && span.name === name);
}

const SHOP = `
  const users = fastify();
  users.get('/users/:id', async (request) => {
    const client = new pg.Client(process.env.DATABASE);
    await client.connect();
    const { rows } = await client.query('SELECT $1::text AS id', [request.params.id]);
    await client.end();
    return rows[0];
  });
  const orders = express();
  orders.get('/orders/:id', async (request, response) => {
    const user = await fetch('http://127.0.0.1:' + users.server.address().port + '/users/7');
    response.json(await user.json());
  });
  users.listen({ port: 0 }).then(() => {
    const server = http.createServer(orders).listen(0, () => {
      http.get('http://127.0.0.1:' + server.address().port + '/orders/1', (response) => {
        response.resume().on('end', () => { server.close(); users.close(); });
        response.on('end', () => { server.closeAllConnections(); });
      });
    });
  });`;

describe("with OpenTelemetry's own instrumentations, a program that knows nothing of tracing", () => {
  let database: PGLiteSocketServer;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const names = ['http', 'undici', 'express', 'fastify', 'pg'];
    const installed = names.map((name) => [`@opentelemetry/instrumentation-${name}`, '*']);
    const dependencies = Object.fromEntries(installed) as Record<string, string>;
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', dependencies }));
    database = new PGLiteSocketServer({ db: await PGlite.create(), port: 0, maxConnections: 4 });
    await database.start();
    const [host = '', port = ''] = database.getServerConn().split(':');
    env = { DATABASE: `postgres://postgres@${host}:${port}/postgres` };
  }, 60_000);

  afterAll(async () => {
    await database.stop();
  });

  test.each([
    [
      'ES modules',
      'shop.js',
      `import http from 'node:http'; import express from 'express'; import pg from 'pg';
       import fastify from 'fastify'; ${SHOP}`,
    ],
    [
      'CommonJS',
      'shop.cjs',
      `const http = require('node:http'); const express = require('express');
       const pg = require('pg'); const { fastify } = require('fastify'); ${SHOP}`,
    ],
  ])(
    'is one trace through all of them, in %s',
    async (_, name, source) => {
      const spans = await traceProgram(name, source, env);
      expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
      const order = find(spans, 'instrumentation-http', 'GET /orders/:id');
      const fetched = find(spans, 'instrumentation-undici', 'GET');
      const handler = find(spans, 'instrumentation-express', 'request handler');
      const query = spans.find((span) => span.name.startsWith('pg.query'));
      expect(order?.kind).toBe('server');
      expect(handler?.parentSpanId).toBe(order?.spanId);
      expect(fetched?.parentSpanId).toBe(handler?.spanId);
      expect(query?.kind).toBe('client');
      expect(spans.some((span) => span.scope.name.endsWith('instrumentation-fastify'))).toBe(true);
      // Ours has stepped back: each request is traced once.
      expect(spans.filter((span) => span.scope.name === '@clew/sdk/http')).toEqual([]);
    },
    60_000,
  );

  test('asks over HTTP in one span, whatever was imported before the instrumentations', async () => {
    await writeFile(
      join(folder, 'hook.js'),
      `import { register } from 'node:module';
       register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);`,
    );
    const source = `
      const http = require('http');
      const server = http.createServer((_, response) => response.end()).listen(0, () => {
        const request = http.request('http://127.0.0.1:' + server.address().port, (response) => {
          response.resume().on('end', () => { server.close(); server.closeAllConnections(); });
        });
        request.end();
      });`;
    const hook = { NODE_OPTIONS: '--import ./hook.js' };
    const spans = await traceProgram('hooked.cjs', source, hook);
    expect(spans.map(({ scope, kind }) => `${scope.name} ${kind}`).toSorted()).toEqual([
      '@opentelemetry/instrumentation-http client',
      '@opentelemetry/instrumentation-http server',
    ]);
  }, 60_000);

  test('can leave some out', async () => {
    const source = `import http from 'node:http'; import { createServer } from 'node:http';
      const server = createServer((_, response) => response.end()).listen(0, () => {
        http.get('http://127.0.0.1:' + server.address().port, (response) => {
          response.resume().on('end', () => { server.close(); server.closeAllConnections(); });
        });
      });`;
    const spans = await traceProgram('plain.js', source, {
      OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'http,undici',
    });
    expect(spans.map(({ scope, kind }) => `${scope.name} ${kind}`).toSorted()).toEqual([
      '@clew/sdk/http client',
      '@clew/sdk/http server',
    ]);
  }, 60_000);
});
