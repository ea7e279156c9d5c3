/** What a person does with the answers of a search: looks at the picture, at spans, at what arrives, at files. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { searchUntilFound } from './search-page.ts';

const heatmap = (page: Page) => page.getByRole('application', { name: /^Duration over time/ });
const parameters = (page: Page) => new URL(page.url()).searchParams;

test.describe('with a finger', () => {
  test.use({ hasTouch: true });

  test('a box is drawn sideways on the picture, and a drag upwards scrolls', async ({
    page,
    clew,
    shop,
  }) => {
    await shop.order({ userId: 1, item: 'tea', quantity: 1 });
    await page.goto(`${clew.addresses.ui}/search?lookback=15m`);
    await searchUntilFound(page, () => Promise.resolve());
    const box = await heatmap(page).locator('.u-over').boundingBox();
    if (box === null) throw new Error('the picture is not there');
    const whole = page.url();
    const session = await page.context().newCDPSession(page);
    const at = (x: number, y: number) => [{ x: box.x + box.width * x, y: box.y + box.height * y }];
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x = 0, y = 0) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : at(x, y),
      });
    await touch('touchStart', 0.5, 0.9);
    for (const y of [0.7, 0.5, 0.3]) await touch('touchMove', 0.5, y);
    await touch('touchEnd');
    expect(page.url()).toBe(whole);
    await touch('touchStart', 0.5, 0.2);
    for (const x of [0.6, 0.7, 0.8]) await touch('touchMove', x, x - 0.2);
    await touch('touchMove', 0.98, 0.8);
    await touch('touchEnd');
    // The drag upwards may have moved the page a little: which of the bounds the box has depends on it.
    await expect(page).toHaveURL(/start=.*(min|max)Duration=/);
  });
});

test('a box on the picture narrows the search, by mouse and by keyboard, and Back widens it again', async ({
  page,
  clew,
  shop,
}) => {
  await shop.order({ userId: 1, item: 'tea', quantity: 1 });
  await page.goto(`${clew.addresses.ui}/search?lookback=15m`);
  await searchUntilFound(page, () => Promise.resolve());
  const plot = heatmap(page).locator('.u-over');
  const box = await plot.boundingBox();
  if (box === null) throw new Error('the picture is not there');
  const whole = page.url();

  await test.step('dragged', async () => {
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 1, box.y + box.height * 0.8, { steps: 4 });
    await page.mouse.up();
    await expect(page).toHaveURL(/minDuration=.*maxDuration=/);
    expect(parameters(page).get('lookback')).toBeNull();
    await expect(page.getByLabel('Min duration')).toHaveValue(
      parameters(page).get('minDuration') ?? '',
    );
    await page.goBack();
    await expect(page).toHaveURL(whole);
    await expect(page.getByLabel('Min duration')).toHaveValue('');
  });

  await test.step('drawn with keys', async () => {
    // The picture of the search that one has come back to may still be on its way.
    await expect(async () => {
      await heatmap(page).focus();
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Shift+ArrowUp');
      const box = page.getByRole('status').filter({ hasText: /\d+ spans?/ });
      await expect(box).toBeAttached({ timeout: 1000 });
    }).toPass();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/minDuration=/);
    await expect(
      page.getByRole('list', { name: 'Traces' }).getByRole('link').first(),
    ).toBeVisible();
  });

  await test.step('chosen in the table', async () => {
    await page.goBack();
    await page.getByRole('button', { name: 'Table' }).click();
    await expect(page).toHaveURL(/picture=table/);
    await page.getByRole('table').getByRole('button').first().click();
    await expect(page).toHaveURL(/minDuration=/);
  });
});

test('spans are listed as well as traces, each a way to itself', async ({ page, clew, shop }) => {
  await shop.order({ userId: 1, item: 'cup', quantity: 1 });
  await page.goto(`${clew.addresses.ui}/search`);
  await searchUntilFound(page, async (form) => {
    await form.getByLabel('Service', { exact: true }).fill('user-service');
  });
  await page.getByRole('button', { name: 'Spans', exact: true }).click();
  await expect(page).toHaveURL(/show=spans/);
  const spans = page.getByRole('list', { name: 'Spans' }).getByRole('link');
  await expect(spans.first()).toContainText('user-service');
  await page.reload();
  await expect(spans.first()).toContainText('user-service');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/trace\/[0-9a-f]{32}\?span=[0-9a-f]{16}/);
  await page.goBack();
  await expect(spans.first()).toBeVisible();
});

test('a search is saved by name, and found again by keyboard after a reload', async ({
  page,
  clew,
}) => {
  await page.goto(`${clew.addresses.ui}/search?service=order-service&minDuration=5ms`);
  await page.getByRole('button', { name: 'Searches' }).click();
  await page.getByLabel('Name of this search').fill('Slow orders');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: /Slow orders/ })).toBeVisible();
  await page.goto(`${clew.addresses.ui}/search`);
  await expect(page.getByLabel('Service', { exact: true })).toHaveValue('');
  await page.getByRole('heading', { name: 'Search', level: 1 }).click();
  await page.keyboard.press('h');
  await expect(page.getByRole('link', { name: /Slow orders/ })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/service=order-service/);
  await expect(page.getByLabel('Min duration')).toHaveValue('5ms');
  await expect(page.getByRole('dialog', { name: /searches/i })).toBeHidden();
});

test('spans are shown as they arrive, and a pause holds them back', async ({
  page,
  clew,
  shop,
}) => {
  await page.goto(
    `${clew.addresses.ui}/search?spanName=create-order&attribute=order.quantity%3D7&show=live`,
  );
  const spans = page.getByRole('list', { name: 'Spans as they arrive' }).getByRole('link');
  await expect(page.getByText('Waiting for spans that match')).toBeVisible();
  await shop.order({ userId: 2, item: 'tea', quantity: 7 });
  await expect(spans).toHaveCount(1);
  await expect(spans.first()).toContainText('create-order');
  await page.getByRole('button', { name: 'Pause' }).click();
  await shop.order({ userId: 2, item: 'tea', quantity: 7 });
  await expect(page.getByText(/Paused: 1 more arrived/)).toBeVisible();
  await expect(spans).toHaveCount(1);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(spans).toHaveCount(2);
});

test('a file that is dropped on the page is opened without the server', async ({ page, clew }) => {
  const content = readFileSync(
    new URL(
      '../../../packages/protocol/testdata/jaeger/jaeger-ui-spec/order.ui.json',
      import.meta.url,
    ),
    'utf8',
  );
  const posted: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET') posted.push(request.url());
  });
  await page.goto(`${clew.addresses.ui}/search`);
  await expect(page.getByRole('button', { name: 'Open files' })).toBeVisible();
  const dropped = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'order.json'));
    transfer.items.add(new File(['{"name":"shop"}'], 'package.json'));
    return transfer;
  }, content);
  await page.dispatchEvent('body', 'dragover', { dataTransfer: dropped });
  await expect(page.getByText('Drop files to open their traces')).toBeVisible();
  await page.dispatchEvent('body', 'drop', { dataTransfer: dropped });
  const opened = page.getByRole('list', { name: 'Traces of opened files' }).getByRole('link');
  await expect(opened).toHaveCount(1);
  await expect(opened).toContainText('POST /orders');
  await expect(opened).toHaveAttribute('href', /5b8efff798038103d269b633813fc60c\?.*source=file/);
  await expect(page.getByText('package.json could not be opened')).toBeVisible();
  await opened.click();
  await expect(page.getByRole('treegrid').getByText('POST /orders').first()).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: /Attributes/ })).toBeVisible();
  await expect(page).toHaveURL(/source=file/);
  expect(posted).toEqual([]);
});

test('each form says what it asks in the other’s words', async ({ page, clew }) => {
  await page.goto(`${clew.addresses.ui}/search?service=cart&status=error`);
  const form = page.getByRole('search', { name: 'Traces' });
  await expect(
    form.getByText('{ resource.service.name = "cart" && status = error }'),
  ).toBeVisible();
  await page.goto(
    `${clew.addresses.ui}/search?q=${encodeURIComponent('{ name = "pay" && duration >= 1500ms }')}`,
  );
  await expect(form.getByText('span pay · at least 1.5 s')).toBeVisible();
  await page.getByRole('button', { name: 'Fields' }).click();
  await expect(page.getByLabel('Span name')).toHaveValue('pay');
  await expect(page.getByLabel('Min duration')).toHaveValue('1.5s');
});
