import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
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
