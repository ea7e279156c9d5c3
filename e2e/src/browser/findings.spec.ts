/** What somebody who has never seen Clew asks of a trace, answered from the screen alone, each in four clicks at most. */
import type { Locator, Page } from '@playwright/test';
import { ChildProcesses } from '../../../demo/src/child-processes.ts';
import type { FaultName } from '../../../demo/src/faults.ts';
import { startShop } from '../../../demo/src/shop.ts';
import type { Shop } from '../../../demo/src/shop.ts';
import { ClewProcess } from '../clew-process.ts';
import { encodeRawRequest, rawSpan } from '../otlp-bytes.ts';
import { expect, test as base } from './fixtures.ts';
import { treeRows, waitForTrace } from './search-page.ts';

interface WantedOrder {
  readonly isFailed?: boolean;
  /** How many spans it has, at least. */
  readonly spanCount: number;
}

/** Makes an order; resolves with the address of its trace. */
type Order = (wanted: WantedOrder) => Promise<string>;

interface WrongShop extends Pick<Shop, 'deployBadVersion'> {
  readonly order: Order;
}

/** Starts a shop in which something is wrong. */
type ShopWith = (...faults: readonly FaultName[]) => Promise<WrongShop>;

const test = base.extend<{ readonly shopWith: ShopWith }>({
  shopWith: async ({ clew, page }, use) => {
    const processes = new ChildProcesses((message) => console.error(message));
    await use(async (...faults) => {
      const { otlpHttp, ui } = clew.addresses;
      const options = { otlpEndpoint: otlpHttp, faults: new Set(faults) };
      const shop = await startShop(options, processes);
      const order: Order = async ({ isFailed = false, spanCount }) => {
        const since = BigInt(Date.now()) * 1_000_000n;
        await sendOrders(shop.orderServiceUrl, isFailed);
        const traceId = await findTrace(page, ui, { since, isFailed });
        await waitForTrace(page, `${ui}/api/clew/traces/${traceId}`, spanCount);
        return `${ui}/trace/${traceId}`;
      };
      return { order, deployBadVersion: () => shop.deployBadVersion() };
    });
    await processes.stop();
  },
});

/** A kettle is dear enough for the new version to fail. The first orders meet cold services: of a later one, what is slow is slow for its own reasons. */
async function sendOrders(url: string, isFailed: boolean): Promise<void> {
  for (let userId = 1; userId <= 20; userId++) {
    const body = JSON.stringify({ userId, item: 'kettle', quantity: 1 });
    const response = await fetch(`${url}/orders`, { method: 'POST', body });
    await response.text();
    if (userId >= 2 && response.status >= 500 === isFailed) return;
  }
  throw new Error('no order ended as it was wanted');
}

/** The newest order that ended so: the shop tells no id of one that failed. */
async function findTrace(
  page: Page,
  ui: string,
  { since, isFailed }: { readonly since: bigint; readonly isFailed: boolean },
): Promise<string> {
  const query = new URLSearchParams({
    q: `{ name = "create-order" && status ${isFailed ? '=' : '!='} error }`,
    start: String(since),
    end: String(since + 600_000_000_000n),
  });
  let traceId = '';
  await expect(async () => {
    const response = await page.request.get(`${ui}/api/clew/search?${query}`);
    const { traces } = (await response.json()) as { traces: { traceId: string }[] };
    expect(traces.length).toBeGreaterThanOrEqual(isFailed ? 1 : 2);
    traceId = traces[0]?.traceId ?? '';
  }).toPass({ timeout: 20_000, intervals: [200] });
  return traceId;
}

const findings = (page: Page): Locator => page.getByRole('region', { name: 'Findings' });
const details = (page: Page): Locator => page.getByRole('complementary', { name: 'Span details' });

test('which service made the slow order slow, and which query; where the error of another began: two clicks each', async ({
  page,
  shopWith,
}) => {
  test.setTimeout(120_000);
  const { order, deployBadVersion } = await shopWith('slow-query', 'bad-version');
  await test.step('the slow order', async () => {
    await page.goto(await order({ spanCount: 17 }));
    await page.getByRole('button', { name: /findings?$/ }).click();
    const slow = findings(page).getByRole('button', { name: /of order-service is slow/ });
    await expect(slow).toContainText(/saves up to \d+\sms, \d+\s% of/);
    await slow.click();
    await expect(details(page)).toContainText('order-service');
    await expect(details(page)).toContainText('order_service.reserve');
    await expect(details(page)).toContainText('is what shortening it saves at most');
  });
  await test.step('the failed order, and two clicks for why, a third for where in the code', async () => {
    await deployBadVersion();
    await page.goto(await order({ isFailed: true, spanCount: 15 }));
    await page.getByRole('button', { name: /findings?$/ }).click();
    const error = findings(page).getByRole('listitem').first();
    await expect(error).toContainText('Error began in convert-currency of payment-service');
    await findings(page)
      .getByRole('button', { name: /Error began/ })
      .click();
    await expect(details(page)).toContainText('there is no exchange rate for undefined');
    await details(page)
      .getByRole('tab', { name: /Events/ })
      .click();
    await expect(details(page).getByRole('group', { name: 'Stack' })).toBeVisible();
  });
});

test('where the error began of an order that was refused, though no root says that it failed', async ({
  page,
  clew,
  shop,
}) => {
  const { ui } = clew.addresses;
  const open = async (order: { readonly userId: number }, spanCount: number): Promise<void> => {
    const since = BigInt(Date.now()) * 1_000_000n;
    await shop.order({ ...order, item: 'tea', quantity: 1 });
    const traceId = await findTrace(page, ui, { since, isFailed: true });
    await waitForTrace(page, `${ui}/api/clew/traces/${traceId}`, spanCount);
    await page.goto(`${ui}/trace/${traceId}`);
    await page.getByRole('button', { name: /findings?$/ }).click();
  };
  const error = findings(page).getByRole('button', { name: /Error began/ });
  // A card that has expired: the payment-service and the order-service answer with 402.
  await open({ userId: 113 }, 16);
  await expect(error).toContainText('Error began in charge-card of payment-service');
  // It deleted the order before it failed, which may have been the end of it as well.
  await expect(error).toContainText(
    'create-order may have failed because of it, through 2 services',
  );
  await expect(error).toContainText('waited for it, and does not say that it failed');
  await error.click();
  await details(page)
    .getByRole('tab', { name: /Events/ })
    .click();
  await expect(details(page)).toContainText('the card has expired');
  // A user who does not exist: nothing of the user-service failed, it answered with 404.
  await open({ userId: 4711 }, 7);
  await expect(error).toContainText('Error began in GET of order-service');
  await expect(error).toContainText('It called user-service, which does not say that it failed');
});

test(
  'what was tried again and again, and what that cost',
  { tag: '@long' },
  async ({ page, shopWith }) => {
    test.setTimeout(120_000);
    const { order } = await shopWith('failing-dependency');
    await page.goto(await order({ spanCount: 17 }));
    await page.getByRole('button', { name: /findings?$/ }).click();
    const tried = findings(page).getByRole('button', { name: /authorise, tried \d times/ });
    await expect(tried).toContainText(/pauses between them \d/);
    await tried.click();
    await details(page)
      .getByRole('tab', { name: /Events/ })
      .click();
    await expect(details(page)).toContainText('the bank is closed');
  },
);

test(
  'queries that are made again and again are listed, marked and gone through by keys',
  { tag: '@long' },
  async ({ page, shopWith }) => {
    test.setTimeout(120_000);
    const { order } = await shopWith('n-plus-one');
    const address = await order({ spanCount: 37 });
    await page.goto(address);
    await expect(page.getByRole('button', { name: /findings?$/ })).toBeVisible();
    await page.keyboard.press('i');
    await findings(page)
      .getByRole('button', { name: /SELECT.*21 times/ })
      .click();
    await expect(page.locator('.tree-row[data-evidence]').first()).toBeVisible();
    await page.keyboard.press('x');
    await expect(findings(page).getByText('2 of 21')).toBeVisible();
    await page.keyboard.press('X');
    await expect(findings(page).getByText('1 of 21')).toBeVisible();
    // The address restores all of it.
    await expect(page).toHaveURL(/findings=repeated-calls\./);
    await page.reload();
    await expect(findings(page).getByText('1 of 21')).toBeVisible();
    // The selected row is beside the findings and the details, not below them.
    const row = await page.locator('.tree-row[aria-selected="true"]').boundingBox();
    const side = await page.locator('.trace-side').boundingBox();
    expect((row?.x ?? 0) + (row?.width ?? 0)).toBeLessThanOrEqual(side?.x ?? 0);
  },
);

test('the critical path is drawn, said, hidden, and shown alone', async ({ page, clew, shop }) => {
  const traceId = await shop.order({ userId: 4, item: 'coffee', quantity: 1 });
  const address = `${clew.addresses.ui}/trace/${traceId}`;
  await waitForTrace(page, `${clew.addresses.ui}/api/clew/traces/${traceId}`, 19);
  await page.goto(address);
  const times = treeRows(page).getByRole('gridcell', { name: /on the critical path, .* of it/ });
  await expect(times.first()).toBeAttached();
  const path = page.getByRole('button', { name: 'Critical path', exact: true });
  await expect(path).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('c');
  await expect(path).toHaveAttribute('aria-pressed', 'false');
  await expect(times).toHaveCount(0);
  await expect(page).toHaveURL(/path=hidden/);
  const all = await treeRows(page).count();
  await page.getByRole('button', { name: 'Only the critical path' }).click();
  await expect(async () => expect(await treeRows(page).count()).toBeLessThan(all)).toPass();
  await expect(page).toHaveURL(/path=only/);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Only the critical path' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expect(async () => expect(await treeRows(page).count()).toBeLessThan(all)).toPass();
});

test('colours stand for what one chooses, and the address keeps it', async ({
  page,
  clew,
  shop,
}) => {
  const traceId = await shop.order({ userId: 5, item: 'cup', quantity: 2 });
  await waitForTrace(page, `${clew.addresses.ui}/api/clew/traces/${traceId}`, 19);
  await page.goto(`${clew.addresses.ui}/trace/${traceId}`);
  await page.getByLabel('Colour:').selectOption('kind');
  await expect(page.getByRole('list', { name: 'Span kinds' })).toContainText('consumer');
  await expect(page).toHaveURL(/color=kind/);
  await page.reload();
  await expect(page.getByRole('list', { name: 'Span kinds' })).toBeVisible();
  await page.getByLabel('Colour:').selectOption('attribute …');
  await page.getByRole('combobox', { name: 'Attribute that colours stand for' }).click();
  await page.getByRole('option', { name: /^span\.db\.system\.name/ }).click();
  const legend = page.getByRole('list', { name: 'Values of span.db.system.name' });
  await expect(legend).toContainText('postgresql');
  await expect(legend).toContainText('(without it)');
  await expect(page).toHaveURL(/color=span\.db\.system\.name/);
  await page.getByRole('tab', { name: 'Flame graph' }).click();
  await page.reload();
  await expect(legend).toContainText('postgresql');
});

test('a large trace is analysed beside the page, as its content security policy allows', async ({
  page,
}) => {
  // A Clew of its own: so many spans would come first in what the other tests look for.
  const clew = await ClewProcess.start({ from: 'dist' });
  try {
    const id = await sendLargeTrace(page, clew);
    const working = page.waitForEvent('worker');
    await page.goto(`${clew.addresses.ui}/trace/${id}`);
    expect((await working).url()).toContain('trace-worker');
    await expect(page.getByRole('button', { name: 'Critical path', exact: true })).toBeEnabled();
    await page.getByRole('button', { name: 'No findings' }).click();
    await expect(findings(page)).toContainText('Nothing stands out in this trace');
  } finally {
    await clew[Symbol.asyncDispose]();
  }
});

/** Resolves with its id when it can be read. */
async function sendLargeTrace(page: Page, { addresses }: ClewProcess): Promise<string> {
  const spanCount = 3_000;
  const { traceId } = rawSpan();
  const response = await fetch(`${addresses.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Buffer.from(
      encodeRawRequest(
        Array.from({ length: spanCount }, () => rawSpan({ traceId })),
        'busy-service',
      ),
    ),
  });
  expect(response.status).toBe(200);
  const id = Buffer.from(traceId).toString('hex');
  await waitForTrace(page, `${addresses.ui}/api/clew/traces/${id}`, spanCount);
  return id;
}
