import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { createChangeGuard } from './change-guard.ts';
import { toErrorAnswer } from './error-response.ts';
import { createTestApp } from './testing/test-app.ts';

const ignore = (): void => undefined;
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** An app in which something can be changed. */
function createGuarded(): Hono {
  const app = new Hono();
  app.onError((error, context) => {
    const { status, body } = toErrorAnswer(error, log);
    return new Response(`${context.req.method} ${JSON.stringify(body)}`, { status });
  });
  app.use(createChangeGuard({ allowedHosts: ['clew.example'] }));
  app.all('/thing', (context) => context.text('changed'));
  return app;
}

async function statusOf(headers: Record<string, string>, method = 'DELETE'): Promise<number> {
  const response = await createGuarded().request('/thing', { method, headers });
  return response.status;
}

test.each([
  'localhost:16686',
  'localhost',
  'clew.localhost:80',
  '127.0.0.1:16686',
  '[::1]:16686',
  '10.1.2.3',
  'clew.example',
  'CLEW.example:443',
])('a program may ask for changes under the host %s', async (host) => {
  expect(await statusOf({ host })).toBe(200);
});

test.each(['evil.example', 'localhost.evil.example', 'evil.example:16686', '1.2.3.4.evil', ''])(
  'nobody may under the host %j, which may be a page’s own name pointed here',
  async (host) => {
    expect(await statusOf({ host, origin: `http://${host}` })).toBe(403);
    expect(await statusOf({ host })).toBe(403);
  },
);

test('a page of Clew’s own may, also behind a proxy that ends TLS', async () => {
  const host = 'clew.example';
  expect(await statusOf({ host, origin: 'http://clew.example' })).toBe(200);
  expect(await statusOf({ host, origin: 'https://clew.example' })).toBe(200);
});

test.each([
  'https://evil.example',
  'http://localhost:3000',
  'http://127.0.0.1:16686',
  'null',
  'garbage',
])('a page of %s may not', async (origin) => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
    expect(await statusOf({ host: 'localhost:16686', origin }, method)).toBe(403);
});

test('reading is not guarded', async () => {
  const headers = { host: 'evil.example', origin: 'https://evil.example' };
  for (const method of ['GET', 'HEAD', 'OPTIONS'])
    expect(await statusOf(headers, method)).toBe(200);
});

test('guards the whole port of the UI', async () => {
  const { app } = createTestApp();
  const headers = { host: 'localhost', origin: 'https://evil.example' };
  for (const path of ['/', '/api/clew/traces/1', '/api/services', '/anything']) {
    const response = await app.request(path, { method: 'DELETE', headers });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('a page of https://evil.example may not change');
  }
  const own = { host: 'localhost', origin: 'http://localhost' };
  const response = await app.request('/api/services', { method: 'DELETE', headers: own });
  expect(response.status).toBe(404);
});
