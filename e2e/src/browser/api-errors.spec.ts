/** What the pages say when the API fails: what, why, and what to do; and what was there before stays. */
import type { Page, Route } from '@playwright/test';
import { encodeRawRequest, rawSpan } from '../otlp-bytes.ts';
import { expect, test } from './fixtures.ts';
import { searchUntilFound, treeRows, waitForTrace } from './search-page.ts';

interface Fault {
  readonly name: string;
  readonly fail: (route: Route) => Promise<void>;
  /** What the search says, and then the trace page. */
  readonly says: RegExp;
}

const answer = (status: number, code: string, message: string) => (route: Route) =>
  route.fulfill({
    status,
    contentType: 'application/json',
    body: JSON.stringify({ error: { code, message } }),
  });

const FAULTS: readonly Fault[] = [
  {
    name: 'an error of the server',
    fail: answer(500, 'internal', 'the store is on fire'),
    says: /the store is on fire/,
  },
  {
    name: 'a limit of the query',
    fail: answer(429, 'resource_exhausted', 'more than 4 queries at a time'),
    says: /more than 4 queries at a time/,
  },
  {
    name: 'a connection that is refused',
    fail: (route) => route.abort('connectionrefused'),
    says: /cannot be reached/,
  },
  {
    name: 'a connection that is broken off',
    fail: (route) => route.abort('connectionreset'),
    says: /cannot be reached/,
  },
  {
    name: 'half an answer',
    fail: (route) =>
      route.fulfill({ status: 200, contentType: 'application/json', body: '{"traces":[{"tra' }),
    says: /broke off|not JSON|not a trace/,
  },
];

test(
  'a search that fails says why, keeps what it had, and can be tried again',
  { tag: '@long' },
  async ({ page, clew, consoleErrors }) => {
    await sendSpan(clew.addresses.otlpHttp);
    await page.goto(`${clew.addresses.ui}/search`);
    const results = await searchUntilFound(page, (form) =>
      form.getByLabel('Service', { exact: true }).fill('unlucky-service'),
    );
    for (const { name, fail, says } of FAULTS) {
      await test.step(name, async () => {
        await page.route('**/api/clew/search?*', fail);
        await page
          .getByRole('button', { name: /^Refresh|^Find traces/ })
          .first()
          .click();
        const alert = page.getByRole('alert').filter({ hasText: says });
        await expect(alert).toBeVisible();
        await expect(results.first()).toBeVisible();
        await page.unroute('**/api/clew/search?*');
        await alert.getByRole('button', { name: 'Try again' }).click();
        await expect(alert).toBeHidden();
        await expect(results.first()).toBeVisible();
      });
    }
    // The browser notes the requests that failed.
    consoleErrors.length = 0;
  },
);

test(
  'a trace that cannot be loaded says why, and can be looked for again',
  { tag: '@long' },
  async ({ page, clew, consoleErrors }) => {
    const traceId = await sendSpan(clew.addresses.otlpHttp);
    await waitForTrace(page, `${clew.addresses.ui}/api/clew/traces/${traceId}`, 1);
    for (const { name, fail, says } of FAULTS) {
      await test.step(name, async () => {
        await page.route(`**/api/clew/traces/${traceId}*`, fail);
        await page.goto(`${clew.addresses.ui}/trace/${traceId}`);
        await expect(page.getByRole('alert')).toContainText(says);
        await page.unroute(`**/api/clew/traces/${traceId}*`);
        await page.getByRole('button', { name: 'Look again' }).click();
        await expect(treeRows(page)).toHaveCount(1);
      });
    }
    await test.step('gone after it was seen', async () => {
      await page.route(
        `**/api/clew/traces/${traceId}*`,
        answer(404, 'not_found', `no trace ${traceId}`),
      );
      await refresh(page);
      await expect(page.getByText(/no trace|not here|deleted/i).first()).toBeVisible();
      await expect(treeRows(page)).toHaveCount(1);
    });
    // The browser notes the requests that failed.
    consoleErrors.length = 0;
  },
);

async function refresh(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Load the trace again' }).click();
}

/** A trace of one span; resolves with its id. */
async function sendSpan(otlpHttp: string): Promise<string> {
  const span = rawSpan({ name: 'fail' });
  const response = await fetch(`${otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Buffer.from(encodeRawRequest([span], 'unlucky-service')),
  });
  expect(response.status).toBe(200);
  return Buffer.from(span.traceId).toString('hex');
}
