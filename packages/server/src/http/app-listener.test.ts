import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { errorResponse } from '@clew/api';
import { StorageError } from '@clew/model';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TRACE_ID, exampleSpan, spanId } from '../query/testing/canned-trace-reader.ts';
import type { Listener } from '../receiver/listener.ts';
import { createAppListener } from './app-listener.ts';
import { createTestApp } from './testing/test-app.ts';
import type { TestApp } from './testing/test-app.ts';

let parts: TestApp;
let listener: Listener;
let port: number;

beforeEach(async () => {
  parts = createTestApp();
  listener = createAppListener(parts.app);
  port = await listener.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(() => listener.close(0));

test('serves the app', async () => {
  const response = await fetch(`http://127.0.0.1:${port}/api/clew/services`);
  expect(await response.json()).toEqual({ services: [] });
});

test('aborts the question to the store when the client goes away', async () => {
  const { reader } = parts;
  let open = (): void => undefined;
  reader.gate = new Promise((resolve) => (open = resolve));
  const asked = request({ port, path: '/api/clew/services' });
  asked.on('error', () => undefined);
  asked.end();
  while (reader.signals.length === 0) await sleep(2);
  expect(reader.signals[0]?.aborted).toBe(false);
  asked.destroy();
  while (reader.signals[0]?.aborted !== true) await sleep(2);
  open();
});

describe('a request', () => {
  const ask = (q: string) =>
    fetch(`http://127.0.0.1:${port}/api/clew/search?${new URLSearchParams({ q })}`);

  test('may carry the longest query, whatever its signs', async () => {
    for (const sign of ['"', 'x', 'é']) {
      const text = JSON.stringify(sign.repeat(((128 - 1) * 1024) / Buffer.byteLength(sign) / 2));
      expect((await ask(`{ name = ${text} }`)).status).toBe(200);
    }
    expect(parts.reader.searches).toHaveLength(3);
  });

  test('that is too large is answered with an error that says so', async () => {
    for (const length of [460_000, 5_000_000]) {
      const response = await ask('x'.repeat(length));
      expect(response.status).toBe(431);
      const { error } = errorResponse.parse(await response.json());
      expect(error.code).toBe('resource_exhausted');
      expect(error.message).toContain('458752 bytes');
    }
    expect((await ask('{ }')).status).toBe(200);
  });

  test('that is none is answered with an error', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write('what\r\n\r\n');
    const chunks = await socket.toArray();
    expect(Buffer.concat(chunks as Buffer[]).toString()).toMatch(
      /^HTTP\/1.1 400 [^]*\{"error":\{"code":"invalid_argument","message":"the request is not HTTP"\}\}\n$/,
    );
  });
});

describe('an answer in pieces', () => {
  const path = `/api/clew/traces/${TRACE_ID}`;

  function fillTrace({ reader }: TestApp): void {
    reader.chunkSize = 1000;
    for (let index = 1; index <= 5000; index++)
      reader.spans.push(exampleSpan({ spanId: spanId(index.toString(16)) }));
  }

  test.each(['identity', 'gzip'])('breaks off when the store fails: %s', async (encoding) => {
    const { reader, errors } = parts;
    fillTrace(parts);
    let chunks = 0;
    reader.beforeNextChunk = () =>
      ++chunks < 4 ? Promise.resolve() : Promise.reject(new StorageError('the disk is gone'));
    const headers = { 'accept-encoding': encoding };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
    expect(errors).toEqual([expect.stringContaining('the disk is gone')]);
    expect(reader.endedStreams).toBe(1);
  });

  test('is made no faster than it is read', async () => {
    const { reader } = parts;
    fillTrace(parts);
    let chunks = 0;
    reader.beforeNextChunk = () => Promise.resolve(void chunks++);
    for (const span of reader.spans.splice(0))
      reader.spans.push({ ...span, statusMessage: 'x'.repeat(10_000) });
    const [response] = (await once(request({ port, path }).end(), 'response')) as [IncomingMessage];
    await sleep(200);
    // Some megabytes are on their way, of fifty.
    expect(chunks).toBeLessThan(4);
    response.resume();
    await once(response, 'end');
    expect(chunks).toBe(4);
  });

  test('is given up when the client goes away', async () => {
    const { reader, errors } = parts;
    fillTrace(parts);
    reader.beforeNextChunk = () => sleep(5);
    for (const span of reader.spans.splice(0))
      reader.spans.push({ ...span, statusMessage: 'x'.repeat(10_000) });
    const [response] = (await once(request({ port, path }).end(), 'response')) as [IncomingMessage];
    response.destroy();
    while (reader.endedStreams === 0) await sleep(2);
    expect(reader.signals[0]?.aborted).toBe(true);
    expect(errors).toEqual([]);
  });
});

test('finishes the request in flight when it closes', async () => {
  const { reader } = parts;
  let open = (): void => undefined;
  reader.gate = new Promise((resolve) => (open = resolve));
  reader.services = ['a'];
  const answer = fetch(`http://127.0.0.1:${port}/api/clew/services`);
  while (reader.signals.length === 0) await sleep(2);
  const closed = listener.close(5000);
  open();
  expect(await (await answer).json()).toEqual({ services: ['a'] });
  await closed;
  const late = request({ port, path: '/' }).end();
  await expect(once(late, 'response')).rejects.toThrow('ECONNREFUSED');
});

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
