import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp } from '../testing/test-app.ts';
import { loadStaticFiles } from './static-files.ts';

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <base href="/" />
    <meta name="clew-otlp-http-port" content="4318" />
    <meta name="clew-otlp-grpc-port" content="4317" />
    <script type="module" src="./assets/main-1a2b.js"></script>
  </head>
</html>
`;

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'clew-ui-'));
  await mkdir(join(directory, 'dist', 'assets'), { recursive: true });
  await writeFile(join(directory, 'secret.txt'), 'secret');
  const files = { 'index.html': PAGE, 'favicon.svg': '<svg/>', 'assets/main-1a2b.js': script() };
  for (const [name, content] of Object.entries(files))
    await writeFile(join(directory, 'dist', name), content);
});

afterAll(() => rm(directory, { recursive: true }));

function script(): string {
  return 'console.log("clew");\n'.repeat(200);
}

async function createUi(basePath = '', embedOrigins: readonly string[] = []): Promise<Hono> {
  const settings = { basePath, otlpHttpPort: 5318, otlpGrpcPort: undefined };
  const ui = await loadStaticFiles(join(directory, 'dist'), settings);
  return createTestApp({ basePath, ui, embedOrigins }).app;
}

describe('the page', () => {
  test('is never cached unseen, runs no inline script and is not to be guessed at', async () => {
    const response = await (await createUi()).request('/');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('unsafe');
  });

  test('is framed by pages of Clew alone', async () => {
    const app = await createUi('', ['https://wiki.example']);
    for (const path of ['/', '/trace/0af7', '/trace/0af7?embed=0']) {
      const policy = (await app.request(path)).headers.get('content-security-policy');
      expect(policy, path).toMatch(/frame-ancestors 'self'$/);
    }
  });

  test('may be framed as an embedded one by the origins that were named, and by nobody without', async () => {
    const path = '/trace/0af7?view=flame&embed=1';
    const policyOf = async (origins: readonly string[], headers = {}) => {
      const response = await (await createUi('', origins)).request(path, { headers });
      return response.headers.get('content-security-policy');
    };
    const named = ['https://wiki.example', 'http://localhost:*'];
    expect(await policyOf(named)).toMatch(
      /frame-ancestors 'self' https:\/\/wiki\.example http:\/\/localhost:\*$/,
    );
    expect(await policyOf([])).toMatch(/frame-ancestors 'self'$/);
    // A page that has not changed is told anew who may frame it.
    expect(await policyOf(named, { 'if-none-match': '*' })).toContain('https://wiki.example');
  });

  test('is told its base and the receivers’ ports', async () => {
    const html = await (await (await createUi('/tracing')).request('/tracing/')).text();
    expect(html).toContain('<base href="/tracing/" />');
    expect(html).toContain('<meta name="clew-otlp-http-port" content="5318" />');
    expect(html).toContain('<meta name="clew-otlp-grpc-port" content="" />');
    expect(await (await (await createUi()).request('/')).text()).toContain('<base href="/" />');
  });

  test.each(['/search', '/trace/0af7651916cd43dd8448eb211c80319c', '/services/a.b', '/%zz'])(
    'answers for the UI’s route %s',
    async (path) => {
      const response = await (await createUi()).request(path);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('<base href="/" />');
    },
  );

  test('is not sent again to who has it', async () => {
    const app = await createUi();
    const etag = (await app.request('/')).headers.get('etag') ?? '';
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`]) {
      const response = await app.request('/', { headers: { 'if-none-match': known } });
      expect(response.status).toBe(304);
      expect(await response.text()).toBe('');
    }
    const other = await app.request('/', { headers: { 'if-none-match': '"x"' } });
    expect(other.status).toBe(200);
  });
});

describe('files', () => {
  test('with a hash in their names are cached for good', async () => {
    const response = await (await createUi('/tracing')).request('/tracing/assets/main-1a2b.js');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await response.text()).toBe(script());
  });

  test('without one are asked for again', async () => {
    const response = await (await createUi()).request('/favicon.svg');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('content-type')).toBe('image/svg+xml');
  });

  test('are compressed for who reads gzip', async () => {
    const app = await createUi();
    const path = '/assets/main-1a2b.js';
    const packed = await app.request(path, { headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(gunzipSync(Buffer.from(await packed.arrayBuffer())).toString()).toBe(script());
    const tiny = await app.request('/favicon.svg', { headers: { 'accept-encoding': 'gzip' } });
    expect(tiny.headers.get('content-encoding')).toBeNull();
  });

  test('can be asked about without being sent', async () => {
    const response = await (await createUi()).request('/assets/main-1a2b.js', { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });

  test.each(['/assets/main-old.js', '/nothing.css', '/favicon.ico'])(
    'that are not there are not replaced by the page: %s',
    async (path) => {
      expect((await (await createUi()).request(path)).status).toBe(404);
    },
  );

  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/assets/%00',
    '//secret.txt',
  ])('outside the UI cannot be reached: %s', async (path) => {
    const app = await createUi();
    const response = await app.request(`http://localhost${path}`);
    expect(await response.text()).not.toBe('secret');
  });
});

describe('the base path', () => {
  test('without its slash leads to the one with it', async () => {
    const response = await (await createUi('/tracing')).request('/tracing');
    expect(response.status).toBe(308);
    expect(response.headers.get('location')).toBe('/tracing/');
  });

  test('holds for the APIs too', async () => {
    const app = await createUi('/tracing');
    expect((await app.request('/tracing/api/clew/services')).status).toBe(200);
    expect((await app.request('/tracing/api/services')).status).toBe(200);
    expect((await app.request('/tracing/api/nothing')).status).toBe(404);
    expect((await app.request('/api/services')).status).toBe(404);
  });

  test('is told to who asks beside it', async () => {
    const response = await (await createUi('/tracing')).request('/');
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('/tracing/');
  });
});

test('a UI that has not been built says how to build it', async () => {
  const ui = await loadStaticFiles(join(directory, 'nowhere'), {
    basePath: '',
    otlpHttpPort: undefined,
    otlpGrpcPort: undefined,
  });
  const { app } = createTestApp({ ui });
  const response = await app.request('/');
  expect(response.status).toBe(503);
  expect(await response.text()).toContain('npm run build -w @clew/web');
  expect((await app.request('/api/clew/services')).status).toBe(200);
});
