import { expect, test } from 'vitest';
import { exampleSpan, spanId, traceId } from '../../query/testing/canned-trace-reader.ts';
import { createTestApp } from '../testing/test-app.ts';

test.each([
  ['/ready', 'ready\n'],
  ['/api/echo', 'echo'],
  ['/status/version', 'clew, version 1.2.3 (Tempo API 3.0.3)\n'],
  ['/status/services', 'query-frontend: Running\n'],
])('%s answers in plain text', async (path, text) => {
  const response = await createTestApp().app.request(`/tempo${path}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(await response.text()).toBe(text);
});

test.each(['/status', '/status/endpoints', '/metrics'])('%s answers', async (path) => {
  expect((await createTestApp().app.request(`/tempo${path}`)).status).toBe(200);
});

test('the version is that of the API, since clients ask what they may use', async () => {
  const response = await createTestApp().app.request('/tempo/api/status/buildinfo');
  expect(await response.json()).toEqual({
    version: '3.0.3',
    revision: 'clew-1.2.3',
    branch: 'clew',
    buildDate: '',
    buildUser: 'clew',
    goVersion: '',
  });
});

test.each(['/api/overrides', '/nothing', '/'])('%s is not found', async (path) => {
  const response = await createTestApp().app.request(`/tempo${path}`);
  expect(response.status).toBe(404);
  expect(await response.text()).toBe('404 page not found\n');
});

test('a failure of the store tells its kind', async () => {
  const { app, reader } = createTestApp();
  reader.failure = new Error('a bug');
  const response = await app.request('/tempo/api/search');
  expect(response.status).toBe(500);
  expect(await response.text()).toBe('internal error\n');
});

const DIFF = '/tempo/api/v2/traces/diff';

function diffRequest(body: unknown): RequestInit {
  return { method: 'POST', body: JSON.stringify(body) };
}

test('two traces are compared as a patch', async () => {
  const { app, reader } = createTestApp();
  const attribute = (value: string) => ({ key: 'a', value: { type: 'string', value } as const });
  reader.spans.push(
    exampleSpan({ traceId: traceId('aa'), attributes: [attribute('x')] }),
    exampleSpan({ traceId: traceId('bb'), attributes: [attribute('y')], status: 'error' }),
    exampleSpan({
      traceId: traceId('bb'),
      spanId: spanId('2'),
      parentSpanId: exampleSpan().spanId,
      name: 'charge',
    }),
  );
  const sides = { base: { traceId: 'aa' }, compare: { traceID: 'bb' } };
  const response = await app.request(DIFF, diffRequest(sides));
  const place = { service: 'order-service', kind: 'server' };
  expect(await response.json()).toEqual({
    version: 'trace-patch-v0',
    base: { traceId: 'aa', spanCount: 1 },
    compare: { traceId: 'bb', spanCount: 2 },
    stats: {
      spanCountA: 1,
      spanCountB: 2,
      matchedSpans: 1,
      modifiedSpans: 1,
      addedSpans: 1,
      removedSpans: 0,
      fieldChanges: 1,
      attributeChanges: 1,
      eventChanges: 0,
      truncated: false,
    },
    modified: [
      {
        span: { path: [0], name: 'create-order', ...place },
        changes: [
          {
            op: 'modify',
            target: { type: 'field', name: 'status' },
            before: 'unset',
            after: 'error',
          },
          {
            op: 'modify',
            target: { type: 'attribute', scope: 'span', key: 'a' },
            before: 'x',
            after: 'y',
          },
        ],
      },
    ],
    added: [
      {
        target: { type: 'span', path: [0, 0] },
        span: {
          path: [0, 0],
          name: 'charge',
          ...place,
          duration_nanos: 1_500_999,
          status: 'unset',
        },
      },
    ],
    removed: [],
    warnings: [],
  });
});

test.each([
  [{ base: { traceId: 'aa' } }, 400, /^invalid request: expected JSON with "base" and "compare"/],
  [{ base: { traceId: 'x' }, compare: { traceId: 'bb' } }, 400, /"base" needs a traceId in hex/],
  [{ base: { traceId: 'aa' }, compare: { traceId: 'bb' } }, 404, /^trace not found/],
  [
    { base: {}, compare: {}, format: 'trace-summary-v0-native' },
    501,
    /^unsupported format: expected trace-patch-v0/,
  ],
])('a comparison of %j is refused', async (body, status, message) => {
  const response = await createTestApp().app.request(DIFF, diffRequest(body));
  expect(response.status).toBe(status);
  expect(await response.text()).toMatch(message);
});

test('traces are compared by POST alone', async () => {
  expect((await createTestApp().app.request(DIFF)).status).toBe(405);
});
