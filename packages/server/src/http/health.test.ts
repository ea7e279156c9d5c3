import { expect, test } from 'vitest';
import { createHealthApp } from './health.ts';
import type { Readiness } from './health.ts';

test.each<[Readiness, number]>([
  ['starting', 503],
  ['ready', 200],
  ['draining', 503],
])('while %s, readiness is %i and the process lives', async (readiness, status) => {
  const app = createHealthApp(() => readiness);
  for (const path of ['/ready', '/', '/status']) {
    const response = await app.request(path);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ status: readiness });
  }
  expect((await app.request('/live')).status).toBe(200);
  expect((await app.request('/other')).status).toBe(404);
});
