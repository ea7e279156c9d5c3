/** What the list and the picture of a search say, whatever the width of the page, and when a part of the page does not come. */
import type { Locator, Page } from '@playwright/test';
import type { ClewProcess } from '../clew-process.ts';
import { expect, test } from './fixtures.ts';

interface SentSpan {
  readonly service: string;
  readonly traceId: string;
  readonly startMs: number;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly failed?: string;
}

let sentCount = 0;

/** Sends spans of a second each through OTLP's JSON; the first of a trace is its root. */
async function send(page: Page, clew: ClewProcess, spans: readonly SentSpan[]): Promise<void> {
  const resourceSpans = spans.map(({ service, traceId, startMs, attributes = {}, failed }, at) => ({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
    scopeSpans: [
      {
        spans: [
          {
            traceId,
            spanId: (++sentCount).toString(16).padStart(16, '0'),
            ...(spans.findIndex((other) => other.traceId === traceId) === at
              ? {}
              : { parentSpanId: 'f'.repeat(16) }),
            name: 'work',
            kind: 3,
            startTimeUnixNano: `${startMs}000000`,
            endTimeUnixNano: `${startMs + 1000}000000`,
            attributes: Object.entries(attributes).map(([key, stringValue]) => ({
              key,
              value: { stringValue },
            })),
            ...(failed === undefined ? {} : { status: { code: 2, message: failed } }),
          },
        ],
      },
    ],
  }));
  const response = await page.request.post(`${clew.addresses.otlpHttp}/v1/traces`, {
    data: { resourceSpans },
  });
  expect(response.ok()).toBe(true);
}

/** Opens a search, anew until so many rows are there: what was just sent takes a moment to arrive. */
async function openSearch(page: Page, url: string, list: string, count: number): Promise<Locator> {
  const rows = page.getByRole('list', { name: list, exact: true }).getByRole('link');
  await expect(async () => {
    await page.goto(url);
    await expect(rows).toHaveCount(count, { timeout: 3000 });
  }).toPass({ timeout: 20_000 });
  return rows;
}

const clockOf = (unixMs: number) => new Date(unixMs).toISOString().slice(11, 19);
const parameters = (page: Page) => new URL(page.url()).searchParams;

test('traces stand in the order of the time that their rows show', async ({ page, clew }) => {
  const service = 'order-of-rows';
  const startMs = Date.now() - 90_000;
  const [long, short] = ['a1'.repeat(16), 'b2'.repeat(16)];
  await send(page, clew, [
    { service, traceId: long, startMs },
    { service, traceId: long, startMs: startMs + 40_000 },
    { service, traceId: short, startMs: startMs + 10_000 },
  ]);
  const rows = await openSearch(
    page,
    `${clew.addresses.ui}/search?service=${service}`,
    'Traces',
    2,
  );
  const times = rows.locator('time');
  const heads = page.locator('.results-columns');
  await expect(times).toHaveText([clockOf(startMs + 40_000), clockOf(startMs + 10_000)]);
  await expect(heads).toContainText('Newest match');
  await expect(times.first()).toHaveAttribute(
    'title',
    new RegExp(`began .*${clockOf(startMs + 40_000)}.*\n.*began .*${clockOf(startMs)}`),
  );
  await page.getByLabel('Order', { exact: true }).selectOption('Oldest first');
  await expect(times).toHaveText([clockOf(startMs), clockOf(startMs + 10_000)]);
  await expect(heads).toContainText('Oldest match');
});

test('a span that failed says so in red beside its kind, and its row begins with what tells it from others', async ({
  page,
  clew,
}) => {
  const service = 'red-and-marked';
  const attributes = {
    'db.system.name': 'postgresql',
    'server.address': 'db.example',
    'server.port': '5432',
    'db.namespace': 'shop',
    'db.operation.name': 'SELECT',
    'db.collection.name': 'orders',
    'peer.service': 'db',
    'db.query.text': 'SELECT *\n  FROM orders',
  };
  const traceId = 'c3'.repeat(16);
  const span = {
    service,
    traceId,
    startMs: Date.now() - 5000,
    attributes,
    failed: 'no connection',
  };
  await send(page, clew, [span]);
  const url = `${clew.addresses.ui}/search?service=${service}`;
  for (const [show, list] of [
    ['spans', 'Spans'],
    ['live', 'Spans as they arrive'],
  ] as const) {
    await page.setViewportSize({ width: 1280, height: 800 });
    const row = await openSearch(page, `${url}&show=${show}`, list, 1);
    await expect(row).toContainText('client');
    await expect(row.locator('.span-row-attributes')).toHaveText(
      /^no connectiondb\.query\.textSELECT \* FROM orders/,
    );
    for (const width of [1280, 900, 400]) {
      await page.setViewportSize({ width, height: 800 });
      const mark = row.locator('.span-row-failed svg');
      await expect(mark).toBeVisible();
      expect(await hasColor(mark, '--color-error'), `red at ${width} px`).toBe(true);
      await expect(row.getByText('client', { exact: true })).toBeVisible();
      expect(await isInside(mark, row)).toBe(true);
    }
  }
});

/** Whether the element has the colour of a design token. */
async function hasColor(element: Locator, token: string): Promise<boolean> {
  return await element.evaluate((found, name) => {
    const probe = document.createElement('i');
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const isSame = getComputedStyle(probe).color === getComputedStyle(found).color;
    probe.remove();
    return isSame;
  }, token);
}

async function isInside(inner: Locator, outer: Locator): Promise<boolean> {
  const [a, b] = [await inner.boundingBox(), await outer.boundingBox()];
  return a !== null && b !== null && a.x >= b.x && a.x + a.width <= b.x + b.width;
}

test('services that do not fit into a row are counted, at every width', async ({ page, clew }) => {
  const services = Array.from({ length: 9 }, (_, at) => `service-with-a-name-${at}`);
  const traceId = 'd4'.repeat(16);
  await send(
    page,
    clew,
    services.map((service, at) => ({ service, traceId, startMs: Date.now() - 5000 + at })),
  );
  const url = `${clew.addresses.ui}/search?service=${services[0]}`;
  const rows = await openSearch(page, url, 'Traces', 1);
  for (const width of [400, 900, 1280, 2000]) {
    await page.setViewportSize({ width, height: 800 });
    const pills = rows.locator('.service-pills');
    const others = pills.locator('.service-pill-others');
    await expect(async () => {
      const shown = (await pills.locator('.service-pill').count()) - 1;
      expect(shown).toBeGreaterThanOrEqual(1);
      await expect(others).toHaveText(new RegExp(`^\\+${9 - shown}and .*service-with-a-name-8$`));
      expect(await isInside(others, pills)).toBe(true);
    }).toPass();
    await expect(others).toHaveAttribute('title', /service-with-a-name-8: 1 span$/);
  }
});

test('a picture whose data is squeezed at its end is fitted to it by a press, and Back undoes that', async ({
  page,
  clew,
}) => {
  const service = 'just-begun';
  const traceId = 'e5'.repeat(16);
  const nowMs = Date.now();
  await send(page, clew, [
    { service, traceId, startMs: nowMs - 60_000 },
    { service, traceId, startMs: nowMs - 5000 },
  ]);
  const url = `${clew.addresses.ui}/search?service=${service}&lookback=1h`;
  await openSearch(page, url, 'Traces', 1);
  const chip = page.getByRole('button', { name: 'Fit to data: last 5 minutes' });
  await chip.click();
  await expect.poll(() => parameters(page).get('lookback')).toBe('5m');
  expect(lengthOf(page)).toBe(5 * 60e9);
  await expect(page.getByLabel('Time', { exact: true })).toHaveValue('5m');
  await expect(chip).toBeHidden();
  await page.goBack();
  await expect.poll(() => parameters(page).get('lookback')).toBe('1h');
  await expect(chip).toBeVisible();

  await test.step('by its key, and again to what it holds', async () => {
    await page.keyboard.press('0');
    await expect.poll(() => parameters(page).get('lookback')).toBe('5m');
    await page.getByRole('button', { name: 'Fit to data' }).click();
    await expect.poll(() => parameters(page).get('lookback')).toBeNull();
    expect(lengthOf(page)).toBeLessThan(70e9);
    await expect(page.getByRole('list', { name: 'Traces' }).getByRole('link')).toHaveCount(1);
  });
});

const lengthOf = (page: Page) =>
  Number(BigInt(parameters(page).get('end') ?? 0) - BigInt(parameters(page).get('start') ?? 0));

test.describe('where the code of a part does not come', () => {
  for (const { part, path, chunk, rest } of [
    { part: 'The picture', path: '', chunk: 'duration-heatmap', rest: 'list' },
    {
      part: 'The table of the picture',
      path: '&picture=table',
      chunk: 'duration-table',
      rest: 'list',
    },
    {
      part: 'The list of spans as they arrive',
      path: '&show=live',
      chunk: 'live-tail',
      rest: 'show',
    },
    { part: 'The list of opened files', path: '&show=files', chunk: 'opened-list', rest: 'show' },
  ] as const) {
    test(`${part} says so in its place, and comes when it is asked for again`, async ({
      page,
      clew,
      consoleErrors,
    }) => {
      const span = { service: 'parts', traceId: 'f6'.repeat(16), startMs: Date.now() - 5000 };
      await send(page, clew, [span]);
      let isOffline = true;
      await page.route(`**/assets/${chunk}-*.js`, async (route) => {
        if (isOffline) await route.fulfill({ status: 404, body: '' });
        else await route.continue();
      });
      const notice = page.getByRole('alert').filter({ hasText: `${part} could not be loaded` });
      await expect(async () => {
        await page.goto(`${clew.addresses.ui}/search?service=parts&lookback=15m${path}`);
        await expect(notice).toBeVisible({ timeout: 3000 });
      }).toPass({ timeout: 20_000 });
      if (rest === 'list') {
        await expect(
          page.getByRole('list', { name: 'Traces' }).getByRole('link').first(),
        ).toBeVisible();
      } else {
        await expect(page.getByRole('button', { name: 'Traces', exact: true })).toBeVisible();
      }
      isOffline = false;
      await notice.getByRole('button', { name: 'Try again' }).click();
      await expect(notice).toBeHidden();
      await expect(page.getByRole('heading', { name: 'Search', level: 1 })).toBeVisible();
      consoleErrors.length = 0;
    });
  }
});
