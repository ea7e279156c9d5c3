/** The pages when something is missing, moved, or dark. */
import type { Locator, Page } from '@playwright/test';
import { ClewProcess } from '../clew-process.ts';
import { encodeRawRequest, rawSpan } from '../otlp-bytes.ts';
import { countColors, isDark, readContrasts } from './contrast.ts';
import { expect, test } from './fixtures.ts';
import { searchUntilFound, treeRows, waitForTrace } from './search-page.ts';
import { ORDER_SPAN_COUNT } from './shop.ts';

test('an unknown trace id says what may have happened and what to do', async ({
  page,
  clew,
  consoleErrors,
}) => {
  await page.goto(`${clew.addresses.ui}/trace/00000000000000000000000000abcdef`);
  await expect(page.getByRole('heading', { name: 'This trace is not here' })).toBeVisible();
  await expect(page.getByText('00000000000000000000000000abcdef')).toBeVisible();
  await page.getByRole('link', { name: 'Search for traces' }).click();
  await expect(page.getByRole('search', { name: 'Traces' })).toBeVisible();
  // The browser notes the 404 that the page is about.
  consoleErrors.length = 0;
});

test('what is not a trace id says so', async ({ page, clew }) => {
  await page.goto(`${clew.addresses.ui}/trace/nonsense`);
  await expect(page.getByRole('heading', { name: 'This is not a trace id' })).toBeVisible();
});

test('a server that cannot be reached is told on the page', async ({
  page,
  clew,
  shop,
  consoleErrors,
}) => {
  await shop.order({ userId: 2, item: 'cup', quantity: 1 });
  await page.goto(`${clew.addresses.ui}/search`);
  await searchUntilFound(page, () => Promise.resolve());
  await page.route('**/api/clew/search*', (route) => route.abort());
  // Within the same second it is the same search, which needs no new answer.
  await expect(async () => {
    await page.getByRole('button', { name: 'Find traces' }).click();
    await expect(page.getByText(/cannot be reached/)).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 15_000 });
  // The browser notes the request that was broken off.
  consoleErrors.length = 0;
});

test('a parameter that the server refuses is shown at its field', async ({ page, clew }) => {
  await page.goto(`${clew.addresses.ui}/search`);
  await page.getByLabel('Min duration').fill('soon');
  await page.getByRole('button', { name: 'Find traces' }).click();
  await expect(page.getByLabel('Min duration')).toHaveAttribute('aria-invalid', 'true');
});

test('a search under way can be stopped, and another one asked the moment it is typed', async ({
  page,
  clew,
}) => {
  await page.route('**/api/clew/search*', () => new Promise(() => {}));
  await page.goto(`${clew.addresses.ui}/search`);
  const cancel = page.getByRole('button', { name: 'Cancel' });
  await expect(cancel).toBeVisible();
  await page.getByLabel('Min duration').fill('soon');
  await page.getByRole('button', { name: 'Find traces' }).click();
  await expect(page.getByLabel('Min duration')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Min duration').fill('');
  await cancel.click();
  await expect(page.getByRole('button', { name: 'Find traces' })).toBeVisible();
});

test('an empty store teaches how to send a first span, and notices when it comes', async ({
  page,
}) => {
  const clew = await ClewProcess.start({ from: 'dist' });
  try {
    await page.goto(clew.addresses.ui);
    const port = clew.addresses.otlpHttp.split(':').at(-1) ?? '';
    await expect(page.getByText(port).first()).toBeVisible();
    await sendSpan(clew);
    await expect(page.getByRole('list', { name: 'Traces' }).getByRole('link')).toBeVisible({
      timeout: 15_000,
    });
  } finally {
    await clew[Symbol.asyncDispose]();
  }
});

test('everything works below a base path', async ({ page }) => {
  const clew = await ClewProcess.start({ from: 'dist', flags: ['--base-path=/clew'] });
  try {
    expect(new URL(clew.addresses.ui).pathname).toBe('/clew');
    const traceId = await sendSpan(clew);
    await page.goto(`${clew.addresses.ui}/`);
    const results = await searchUntilFound(page, (form) =>
      form.getByLabel('Service').fill('lonely-service'),
    );
    await expect(page).toHaveURL(/\/clew\/search\?/);
    await results.first().click();
    await expect(page).toHaveURL(new RegExp(`/clew/trace/${traceId}`));
    await expect(treeRows(page)).toHaveCount(1);
    await page.reload();
    await expect(treeRows(page)).toContainText('lonely');
    // What the details still ask for must not meet a server that has gone.
    await page.goto('about:blank');
  } finally {
    await clew[Symbol.asyncDispose]();
  }
});

for (const scheme of ['light', 'dark'] as const) {
  test(`in ${scheme} mode text stands out from its ground`, async ({ page, clew, shop }) => {
    const traceId = await shop.order({ userId: 3, item: 'coffee', quantity: 3 });
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(`${clew.addresses.ui}/search`);
    await searchUntilFound(page, () => Promise.resolve());
    const search = await readContrasts(page.locator('main, nav, label, .trace-row-link'));
    await waitForTrace(page, `${clew.addresses.ui}/api/clew/traces/${traceId}`, ORDER_SPAN_COUNT);
    await page.goto(`${clew.addresses.ui}/trace/${traceId}`);
    await expect(treeRows(page).first()).toBeVisible();
    const trace = await readContrasts(page.locator('h1, dd'));
    const drawn = await readContrasts(await addInks(page));
    for (const { contrast, text } of [...search, ...trace, ...drawn]) {
      expect(contrast, `contrast of "${text}"`).toBeGreaterThan(3);
    }
    expect(await isDark(page)).toBe(scheme === 'dark');
    expect(await countColors(page.locator('canvas[data-part="waterfall"]'))).toBeGreaterThan(3);
  });
}

/** What canvases write with, on what they write on, as elements that can be measured. */
async function addInks(page: Page): Promise<Locator> {
  await page.evaluate(() => {
    for (const ink of ['text', 'text-muted', 'text-faint', 'error']) {
      for (const ground of ['surface', 'selected', 'hover']) {
        const element = document.body.appendChild(document.createElement('p'));
        element.className = 'ink';
        element.textContent = `${ink} on ${ground}`;
        element.style.color = `var(--color-${ink})`;
        element.style.background = `var(--color-${ground})`;
      }
    }
  });
  return page.locator('.ink');
}

/** A trace of one span; resolves with its id. */
async function sendSpan({ addresses }: ClewProcess): Promise<string> {
  const span = rawSpan({ name: 'lonely' });
  const response = await fetch(`${addresses.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Buffer.from(encodeRawRequest([span], 'lonely-service')),
  });
  expect(response.status).toBe(200);
  return Buffer.from(span.traceId).toString('hex');
}
