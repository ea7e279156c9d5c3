/** What is on the screen is in the address: a reload restores it exactly, and Back goes through views and selections. */
import { randomBytes } from 'node:crypto';
import type { Locator, Page } from '@playwright/test';
import { encodeOtlpTrace } from './made-trace.ts';
import { expect, test } from './fixtures.ts';
import { pressCaret, treeRows, waitForTrace } from './search-page.ts';

const SPAN_COUNT = 120;

const tab = (page: Page, name: string): Locator => page.getByRole('tab', { name, exact: true });

const selected = (page: Page): Locator =>
  treeRows(page).and(page.locator('[aria-selected="true"]'));

let path = '';

test.beforeEach(async ({ page, clew }) => {
  const traceId = randomBytes(16).toString('hex');
  path = `${clew.addresses.ui}/trace/${traceId}`;
  await page.request.post(`${clew.addresses.otlpHttp}/v1/traces`, {
    data: encodeOtlpTrace({ traceId, spanCount: SPAN_COUNT }),
  });
  await waitForTrace(page, `${clew.addresses.ui}/api/clew/traces/${traceId}`, SPAN_COUNT);
  await page.goto(path);
  await expect(treeRows(page).first()).toBeVisible();
});

/** Waits until the address rests, reloads, and says what the address was. */
async function reload(page: Page): Promise<string> {
  let last = '';
  await expect
    .poll(
      () => {
        const isResting = page.url() === last;
        last = page.url();
        return isResting;
      },
      { intervals: [400] },
    )
    .toBe(true);
  await page.reload();
  return last;
}

test('a reload restores the timeline to the pixel: zoom, folding, scroll, selection and colours', async ({
  page,
}) => {
  await page.getByLabel('Colour').selectOption('kind');
  await pressCaret(treeRows(page).nth(3));
  await treeRows(page).nth(2).click();
  await page.keyboard.press('w');
  await expect(page).toHaveURL(/range=/);
  const scroller = page.getByRole('treegrid');
  await scroller.hover();
  await page.mouse.wheel(0, 437);
  await expect(page).toHaveURL(/top=[0-9a-f]{16}-\d+/);
  const picture = async () => ({
    scrollTop: await scroller.evaluate(({ scrollTop }) => scrollTop),
    rows: await treeRows(page).allTextContents(),
    colors: await page.getByLabel('Colour').inputValue(),
    ruler: await page.locator('[data-part="ruler"]').screenshot(),
  });
  await page.mouse.move(0, 0);
  const before = await picture();
  const address = await reload(page);
  await expect(treeRows(page).first()).toBeVisible();
  await expect(page.getByLabel('Colour')).toHaveValue('kind');
  await expect.poll(picture).toEqual(before);
  expect(page.url()).toBe(address);
});

test('a reload restores where the graph is, what was pointed at in it, and what the tables show', async ({
  page,
}) => {
  await page.keyboard.press('5');
  await page.getByRole('columnheader', { name: 'Duration' }).getByRole('button').click();
  await page.getByRole('button', { name: 'Failed', exact: true }).click();
  await page.keyboard.press('6');
  await page.getByRole('button', { name: 'Exceptions' }).click();
  const events = page.getByRole('grid', { name: 'Events in order of time' });
  await events.getByRole('row').nth(2).click();
  await page.keyboard.press('4');
  await page.getByLabel('Group by').selectOption('Kind');
  await page.keyboard.press('3');
  await page.getByRole('button', { name: /^payment-service,/ }).click();
  await expect(page.getByRole('search')).toContainText('payment-service');
  const frame = page.getByRole('group', { name: /^Graph of calls/ });
  await frame.focus();
  for (const key of ['+', '+', 'ArrowLeft', 'ArrowUp']) await page.keyboard.press(key);
  await expect(page).toHaveURL(/at=/);
  const content = frame.locator('svg.graph-picture > g');
  const transform = await content.getAttribute('transform');
  const count = page.getByRole('search').locator('output');
  await expect(count).toHaveText(/^\d+ of \d+$/);
  const found = await count.textContent();

  const address = await reload(page);
  await expect(content).toHaveAttribute('transform', transform ?? '');
  await expect(page.getByRole('search')).toContainText('payment-service');
  await expect(count).toHaveText(found ?? '');
  expect(page.url()).toBe(address);
  await page.keyboard.press('5');
  await expect(page.getByRole('button', { name: 'Failed', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expect(page.getByRole('columnheader', { name: 'Duration' })).toHaveAttribute(
    'aria-sort',
    'descending',
  );
  await page.keyboard.press('6');
  await expect(page.getByRole('button', { name: 'Exceptions' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await page.keyboard.press('4');
  await expect(page.getByLabel('Group by')).toHaveValue('kind');
});

test('a reload and Back restore where tables and the flame graph are scrolled to', async ({
  page,
}) => {
  const spans = page.getByRole('grid', { name: 'Spans' });
  const topOf = (what: Locator) => what.evaluate(({ scrollTop }) => scrollTop);
  await page.keyboard.press('5');
  await spans.getByRole('row').nth(2).click();
  await spans.hover();
  await page.mouse.wheel(0, 611);
  await expect(page).toHaveURL(/scroll=spans\.611/);
  const first = await reload(page);
  await expect.poll(() => topOf(spans)).toBe(611);
  expect(page.url()).toBe(first);

  await page.keyboard.press('2');
  const flame = page.getByRole('application');
  await page.setViewportSize({ width: 900, height: 520 });
  await flame.hover();
  await page.mouse.wheel(0, 37);
  await expect(page).toHaveURL(/scroll=flame\.37/);
  const second = await reload(page);
  await expect.poll(() => topOf(flame)).toBe(37);
  expect(page.url()).toBe(second);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goBack();
  await expect.poll(() => topOf(spans)).toBe(611);
});

test('a reload restores more folded spans than an address has room for ids', async ({
  page,
  clew,
}) => {
  const traceId = randomBytes(16).toString('hex');
  const spanCount = 600;
  await page.request.post(`${clew.addresses.otlpHttp}/v1/traces`, {
    data: encodeOtlpTrace({ traceId, spanCount }),
  });
  await waitForTrace(page, `${clew.addresses.ui}/api/clew/traces/${traceId}`, spanCount);
  await page.goto(`${clew.addresses.ui}/trace/${traceId}`);
  await expect(treeRows(page).first()).toBeVisible();
  const rowCount = () => page.getByRole('treegrid').getAttribute('aria-rowcount');
  // All but one of what is below the root: neither a depth, nor few enough for their ids.
  await page.keyboard.press('{');
  const folded = treeRows(page).and(page.locator('[aria-expanded="false"]'));
  await pressCaret(folded.first());
  await expect(folded.nth(1)).toBeVisible();
  await pressCaret(folded.nth(1));
  await expect(page).toHaveURL(/fold=runs-/);
  const before = await rowCount();
  const address = await reload(page);
  await expect.poll(rowCount).toBe(before);
  expect(page.url()).toBe(address);

  await page.goto(`${clew.addresses.ui}/trace/${traceId}?fold=more`);
  await expect(page.getByText('More is folded away than an address has room for')).toBeVisible();
  await pressCaret(treeRows(page).first());
  await expect(page.getByText('More is folded away')).toBeHidden();
});

test('a reload restores what is looked for, in words and in TraceQL, and a group of an attribute', async ({
  page,
}) => {
  const box = page.getByLabel('Find in this trace');
  const count = page.getByRole('search').locator('output');
  for (const text of ['charge-card', '{ status = error }']) {
    await box.fill(text);
    await expect(count).toHaveAttribute('data-sought', text);
    await expect(count).toHaveText(/^\d+$/);
    const found = await count.textContent();
    await reload(page);
    await expect(box).toHaveValue(text);
    await expect(count).toHaveText(found ?? '');
  }
  await page.goto(`${path}?view=statistics&group=span.http.route`);
  const row = page
    .getByRole('grid', { name: 'Statistics of spans' })
    .getByRole('row')
    .filter({ hasText: '/x/1' });
  await row.click();
  await expect(page.getByRole('search')).toContainText('/x/1');
  await expect(page).toHaveURL(/mark=group/);
  await page.keyboard.press('1');
  const found = await count.textContent();
  await reload(page);
  await expect(page.getByRole('search')).toContainText('/x/1');
  await expect(count).toHaveText(found ?? '');
});

test('Back and Forward go through views and selections, and not through zooms', async ({
  page,
}) => {
  const names = await treeRows(page).locator('.tree-name').allTextContents();
  await treeRows(page).nth(1).click();
  await expect(page).toHaveURL(/span=/);
  const first = page.url();
  await treeRows(page).nth(4).click();
  await expect(page).not.toHaveURL(first);
  // One row after the other is one step with the selection it began from.
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(selected(page)).toContainText(names[6] ?? '?');
  await page.keyboard.press('w');
  await expect(page).toHaveURL(/range=/);
  const zoomed = page.url();
  await page.keyboard.press('5');
  await expect(page).toHaveURL(/view=spans/);
  await page.keyboard.press('3');
  await expect(page).toHaveURL(/view=graph/);

  await page.goBack();
  await expect(tab(page, 'Spans')).toHaveAttribute('aria-selected', 'true');
  await page.goBack();
  await expect(tab(page, 'Timeline')).toHaveAttribute('aria-selected', 'true');
  await expect(page).toHaveURL(zoomed);
  await expect(selected(page)).toContainText(names[6] ?? '?');
  await page.goBack();
  await expect(selected(page)).toContainText(names[1] ?? '?');
  await expect(page).not.toHaveURL(/range=/);
  await page.goBack();
  await expect(selected(page)).toHaveCount(0);
  for (let step = 0; step < 4; step++) await page.goForward();
  await expect(tab(page, 'Graph')).toHaveAttribute('aria-selected', 'true');
});
