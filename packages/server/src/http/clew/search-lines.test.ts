import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { LINES_MEDIA_TYPE, errorResponse } from '@clew/api';
import { StorageError } from '@clew/model';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exampleFoundTrace, exampleSpan, spanId } from '../../query/testing/canned-trace-reader.ts';
import type { Listener } from '../../receiver/listener.ts';
import { createAppListener } from '../app-listener.ts';
import { createTestApp } from '../testing/test-app.ts';
import type { TestApp } from '../testing/test-app.ts';

let parts: TestApp;
let listener: Listener;
let port: number;

beforeEach(async () => {
  parts = createTestApp();
  listener = createAppListener(parts.app);
  port = await listener.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(() => listener.close(0));

const ask = (path: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}/api/clew/${path}`, { headers: { accept: LINES_MEDIA_TYPE } });

/** What the lines hold. */
async function readLines(response: Response): Promise<unknown[]> {
  expect(response.headers.get('content-type')).toBe(LINES_MEDIA_TYPE);
  const text = await response.text();
  expect(text === '' || text.endsWith('\n')).toBe(true);
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as unknown);
}

/** `count` of the same. */
function fillPage(count: number): void {
  const traces = Array.from({ length: count }, () => exampleFoundTrace());
  parts.reader.page = { traces, scanned: { traceCount: count, spanCount: 0 } };
}

test('a search gives its traces one a line, as many as are wanted', async () => {
  fillPage(700);
  const [page] = (await (await parts.app.request('/api/clew/search?limit=1')).json()).traces;
  const lines = await readLines(await ask('search?q={}&order=slowest&limit=2500'));
  expect(lines).toHaveLength(2500);
  expect(lines[2499]).toEqual(page);
  expect(parts.reader.searches.at(-1)).toMatchObject({
    limit: 2500,
    order: { by: 'duration', direction: 'desc' },
  });
});

test('without a limit all of them come', async () => {
  expect(await readLines(await ask('search'))).toEqual([]);
  expect(parts.reader.searches.at(-1)?.limit).toBe(Number.POSITIVE_INFINITY);
  for (let index = 1; index <= 5; index++)
    parts.reader.spans.push(exampleSpan({ spanId: spanId(index.toString(16)) }));
  const spans = (await readLines(await ask('spans'))) as { spanId: string }[];
  expect(spans.map((span) => Number(`0x${span.spanId}`))).toEqual([5, 4, 3, 2, 1]);
  expect(await readLines(await ask('spans?limit=2'))).toHaveLength(2);
});

test('what is wrong with the question, or fails at once, is answered as elsewhere', async () => {
  expect((await ask('search?limit=0')).status).toBe(400);
  expect((await ask('spans?q={')).status).toBe(400);
  expect((await ask('spans?cursor=page-2')).status).toBe(400);
  parts.reader.failure = new StorageError('too late', { code: 'deadline_exceeded' });
  const response = await ask('search');
  expect(response.status).toBe(504);
  expect(errorResponse.parse(await response.json()).error.message).toBe('too late');
});

test('what fails later is the last line', async () => {
  fillPage(100);
  parts.reader.beforeNextChunk = () =>
    Promise.reject(new StorageError('too late', { code: 'deadline_exceeded' }));
  const lines = await readLines(await ask('search'));
  expect(lines).toHaveLength(101);
  expect(lines[100]).toEqual({ error: { code: 'deadline_exceeded', message: 'too late' } });
});

test.each(['identity', 'gzip'])('lines come as they are found: %s', async (encoding) => {
  fillPage(3);
  let goOn = (): void => undefined;
  parts.reader.beforeNextChunk = () => new Promise((resolve) => (goOn = resolve));
  const headers = { accept: LINES_MEDIA_TYPE, 'accept-encoding': encoding };
  const response = await fetch(`http://127.0.0.1:${port}/api/clew/search?limit=6`, { headers });
  const body = response.body?.getReader();
  const { value } = (await body?.read()) ?? {};
  expect(
    Buffer.from(value ?? [])
      .toString()
      .split('\n'),
  ).toHaveLength(4);
  goOn();
  const { value: rest } = (await body?.read()) ?? {};
  expect(
    Buffer.from(rest ?? [])
      .toString()
      .split('\n'),
  ).toHaveLength(4);
  goOn();
});

test('lines are made no faster than they are read, and no more when nobody reads', async () => {
  const { reader, errors } = parts;
  fillPage(1000);
  let pages = 0;
  reader.beforeNextChunk = () => new Promise((resolve) => setTimeout(resolve, 0, void pages++));
  const headers = { accept: LINES_MEDIA_TYPE };
  const asked = request({ port, path: '/api/clew/search', headers }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const readEndless = async (): Promise<number> => {
    let before = -1;
    while (before !== pages) {
      before = pages;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return pages;
  };
  // What the sockets hold is on its way.
  expect(await readEndless()).toBeLessThan(100);
  response.destroy();
  while (reader.endedStreams === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(reader.signals.at(-1)?.aborted).toBe(true);
  expect(errors).toEqual([]);
});
