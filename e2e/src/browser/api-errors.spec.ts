/** What the pages say when the API fails: what, why, and what to do; and what was there before stays. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page, Route } from '@playwright/test';
import type { ClewAddresses } from '../clew-process.ts';
import { encodeRawRequest, rawSpan } from '../otlp-bytes.ts';
import { ROOT } from '../sources.ts';
import { CuttingProxy } from './cutting-proxy.ts';
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
    await sendSpan(clew.addresses);
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
    const traceId = await sendSpan(clew.addresses);
    await waitForTrace(page, `${clew.addresses.ui}/api/clew/traces/${traceId}`, 1);
    for (const { name, fail, says } of FAULTS) {
      await test.step(name, async () => {
        await page.route(`**/api/clew/traces/${traceId}*`, fail);
        await page.goto(`${clew.addresses.ui}/trace/${traceId}`);
        await expect(page.getByRole('alert')).toContainText(says);
        await page.unroute(`**/api/clew/traces/${traceId}*`);
        await page.getByRole('button', { name: /Look again|Try again/ }).click();
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

test('a search that hangs shows that it does, can be cancelled, and holds up nothing else', async ({
  page,
  clew,
}) => {
  const traceId = await sendSpan(clew.addresses);
  await waitForTrace(page, `${clew.addresses.ui}/api/clew/traces/${traceId}`, 1);
  await page.goto(`${clew.addresses.ui}/search`);
  const results = await searchUntilFound(page, (form) =>
    form.getByLabel('Service', { exact: true }).fill('unlucky-service'),
  );
  const hanging: Route[] = [];
  await page.route('**/api/clew/search?*', (route) => void hanging.push(route));
  const form = page.getByRole('search', { name: 'Traces' });
  await form.getByRole('button', { name: 'Find traces' }).click();
  await expect(page.getByRole('progressbar').first()).toBeVisible();
  await expect(page.locator('[data-outdated="true"]').first()).toBeVisible();
  await expect(results.first()).toBeVisible();
  await form.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('The search was cancelled')).toBeVisible();
  await expect(page.getByRole('progressbar')).toBeHidden();
  await expect(results.first()).toBeVisible();
  await test.step('while another one hangs, a trace is shown', async () => {
    await page.getByRole('button', { name: 'Search again' }).click();
    await expect.poll(() => hanging.length).toBeGreaterThan(1);
    await results.first().click();
    await expect(treeRows(page).first()).toBeVisible();
  });
  await page.unroute('**/api/clew/search?*');
});

test(
  'an answer that is cut off in its middle is no answer, and what was there stays',
  { tag: '@long' },
  async ({ page, clew, consoleErrors }) => {
    const traceId = await sendSpan(clew.addresses);
    await waitForTrace(page, `${clew.addresses.ui}/api/clew/traces/${traceId}`, 1);
    await using proxy = await CuttingProxy.start(clew.addresses.ui);
    await page.goto(`${proxy.address}/search`);
    const results = await searchUntilFound(page, (form) =>
      form.getByLabel('Service', { exact: true }).fill('unlucky-service'),
    );
    await test.step('of a search', async () => {
      proxy.cut = /\/api\/clew\/search\?/;
      await page.getByRole('button', { name: 'Find traces' }).click();
      const alert = page.getByRole('alert').filter({ hasText: /broke off|cannot be reached/ });
      await expect(alert).toBeVisible();
      await expect(results.first()).toBeVisible();
      proxy.cut = undefined;
      await alert.getByRole('button', { name: 'Try again' }).click();
      await expect(alert).toBeHidden();
    });
    await test.step('of a trace', async () => {
      proxy.cut = /\/api\/clew\/traces\//;
      await page.goto(`${proxy.address}/trace/${traceId}`);
      await expect(page.getByRole('alert')).toContainText(/broke off|cannot be reached/);
      proxy.cut = undefined;
      await page.getByRole('button', { name: /Look again|Try again/ }).click();
      await expect(treeRows(page)).toHaveCount(1);
    });
    // The browser notes the requests that failed.
    consoleErrors.length = 0;
  },
);

const BUSY = answer(503, 'unavailable', 'the store is busy');

test(
  'a part of a page that fails says so in its place, and can be tried again',
  { tag: '@long' },
  async ({ page, clew, consoleErrors }) => {
    const traceId = await sendSpan(clew.addresses);
    await waitForTrace(page, `${clew.addresses.ui}/api/clew/traces/${traceId}`, 1);
    await test.step('the picture of a search', async () => {
      await page.route('**/api/clew/search/histogram?*', BUSY);
      await page.goto(`${clew.addresses.ui}/search?service=unlucky-service`);
      const note = page.getByText(/There is no picture: .*the store is busy/);
      await expect(note).toBeVisible();
      await expect(
        page.getByRole('list', { name: 'Traces' }).getByRole('link').first(),
      ).toBeVisible();
      await page.unroute('**/api/clew/search/histogram?*');
      await note.getByRole('button', { name: 'Try again' }).click();
      await expect(note).toBeHidden();
    });
    await test.step('the services in the palette', async () => {
      await page.route('**/api/clew/services', BUSY);
      await page.reload();
      await page.getByRole('button', { name: 'Commands' }).click();
      const palette = page.getByRole('dialog', { name: 'Commands' });
      await page.keyboard.type('unlucky');
      await expect(palette).toContainText('Services are not listed: the store is busy');
      await page.unroute('**/api/clew/services');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Commands' }).click();
      await page.keyboard.type('unlucky');
      await expect(palette.getByRole('option', { name: /unlucky-service/ }).first()).toBeVisible();
      await page.keyboard.press('Escape');
    });
    await test.step('the details of a span', async () => {
      await page.route(`**/api/clew/traces/${traceId}/spans/*`, BUSY);
      await page.goto(`${clew.addresses.ui}/trace/${traceId}`);
      await treeRows(page).first().click();
      const details = page.getByRole('complementary', { name: 'Span details' });
      await expect(details.getByRole('alert')).toContainText('the store is busy');
      await expect(details).toContainText('Duration');
      await page.unroute(`**/api/clew/traces/${traceId}/spans/*`);
      await details.getByRole('button', { name: 'Try again' }).click();
      await expect(details.getByRole('tab', { name: /Attributes/ })).toBeVisible();
    });
    await test.step('a view of a trace', async () => {
      await page.route(`**/api/clew/traces/${traceId}*`, BUSY);
      await page.getByRole('tab', { name: 'JSON' }).click();
      const alert = page.getByRole('alert').filter({ hasText: 'The JSON could not be loaded' });
      await expect(alert).toContainText('the store is busy');
      await page.unroute(`**/api/clew/traces/${traceId}*`);
      await alert.getByRole('button', { name: 'Try again' }).click();
      await expect(page.locator('.json-line').first()).toBeVisible();
    });
    // The browser notes the requests that failed.
    consoleErrors.length = 0;
  },
);

test(
  'a trace that `clew delete` removes while it is looked at stays, and says that it is gone',
  { tag: '@long' },
  async ({ page, clew, consoleErrors }) => {
    const traceId = await sendSpan(clew.addresses);
    await waitForTrace(page, `${clew.addresses.ui}/api/clew/traces/${traceId}`, 1);
    await page.goto(`${clew.addresses.ui}/trace/${traceId}`);
    await expect(treeRows(page)).toHaveCount(1);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['packages/server/bin/clew.js', 'delete', '--yes', '--url', clew.addresses.ui, traceId],
      { cwd: ROOT },
    );
    expect(stdout).toContain(`${traceId}: removed`);
    await refresh(page);
    await expect(page.getByRole('status').filter({ hasText: 'Not refreshed' })).toBeVisible();
    await expect(treeRows(page)).toHaveCount(1);
    await page.reload();
    await expect(page.getByRole('heading', { name: 'This trace is not here' })).toBeVisible();
    await page.getByRole('button', { name: /Look again|Try again/ }).click();
    await expect(page.getByRole('heading', { name: 'This trace is not here' })).toBeVisible();
    // The browser notes the answers of 404.
    consoleErrors.length = 0;
  },
);

async function refresh(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Load the trace again' }).click();
}

/**
 * A trace of one span; resolves with its id when its service is known: a page that was opened before the first one searches again
 * by itself when it comes, in the midst of a test.
 */
async function sendSpan({ otlpHttp, ui }: ClewAddresses): Promise<string> {
  const span = rawSpan({ name: 'fail' });
  const response = await fetch(`${otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Buffer.from(encodeRawRequest([span], 'unlucky-service')),
  });
  expect(response.status).toBe(200);
  await expect
    .poll(async () => await (await fetch(`${ui}/api/clew/services`)).text())
    .toContain('unlucky-service');
  return Buffer.from(span.traceId).toString('hex');
}
