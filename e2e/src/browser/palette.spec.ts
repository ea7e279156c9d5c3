/** Everything that can be done and reached, found by name. */
import type { Page } from '@playwright/test';
import { encodeRawRequest, rawSpan } from '../otlp-bytes.ts';
import { expect, test } from './fixtures.ts';
import { treeRows, waitForTrace } from './search-page.ts';

const palette = (page: Page) => page.getByRole('dialog', { name: 'Commands' });
const field = (page: Page) => palette(page).getByRole('combobox');
const entry = (page: Page, name: string | RegExp) => palette(page).getByRole('option', { name });

test('the palette does what the page can do, goes where one wants, and gives the focus back', async ({
  page,
  clew,
}) => {
  const span = rawSpan({ name: 'weigh parcels' });
  await fetch(`${clew.addresses.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Buffer.from(encodeRawRequest([span], 'weighing-service')),
  });
  const traceId = Buffer.from(span.traceId).toString('hex');
  await waitForTrace(page, `${clew.addresses.ui}/api/clew/traces/${traceId}`, 1);

  await test.step('a trace by its id in a traceparent', async () => {
    await page.goto(`${clew.addresses.ui}/search`);
    await page.getByLabel('Span name').focus();
    await page.keyboard.press('Control+k');
    await expect(field(page)).toBeFocused();
    await page.keyboard.insertText(`00-${traceId}-00f067aa0ba902b7-01`);
    await expect(entry(page, `Open the trace ${traceId}`)).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('Enter');
    await expect(treeRows(page)).toHaveCount(1);
  });

  await test.step('a command by letters of its words, with its key beside it', async () => {
    await page.getByRole('button', { name: 'Commands' }).click();
    await page.keyboard.type('flgr');
    await expect(entry(page, /^Flame graph 2$/)).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('tab', { name: 'Flame graph' })).toHaveAttribute(
      'aria-selected',
      'true',
    );
    await expect(palette(page)).toBeHidden();
  });

  await test.step('what was taken last comes first, then views and pages', async () => {
    await page.keyboard.press('Control+k');
    await expect(palette(page).getByRole('option').first()).toContainText('Flame graph');
    const groups = palette(page).getByRole('group');
    await expect(groups.nth(0)).toHaveAccessibleName('Used lately');
    await expect(groups.nth(1)).toHaveAccessibleName('Views of the trace');
    await page.keyboard.press('Escape');
  });

  await test.step('colours, export and comparing are there, too', async () => {
    const take = async (text: string) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type(text);
      // The code of the view, which has the commands, may still be on its way.
      await expect(palette(page).getByRole('option', { selected: true })).toBeVisible();
      await page.keyboard.press('Enter');
    };
    await take('colour by kind');
    await expect(page.getByLabel('Colour')).toHaveValue('kind');
    await take('colour by an attribute');
    await expect(page.getByLabel('Attribute that colours stand for')).toBeFocused();
    const download = page.waitForEvent('download');
    await take('export picture svg');
    expect((await download).suggestedFilename()).toMatch(/-flame\.svg$/);
    // The menu opens to say how far it is; its code may come after the picture.
    const menu = page.getByRole('group', { name: 'Export' });
    await expect(menu).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(menu).toBeHidden();
    await take('compare with another');
    await expect(page).toHaveURL(new RegExp(`/compare\\?b=${traceId}`));
    await expect(page.getByRole('tab', { name: 'Flame graph' })).toBeHidden();
    await page.goBack();
    await expect(page.getByRole('tab', { name: 'Flame graph' })).toBeVisible();
  });

  await test.step('Escape gives the focus back, and a slash finds in the trace', async () => {
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard' });
    await expect(sheet.getByText('Find in this trace')).toBeVisible();
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    const find = page.getByRole('textbox', { name: 'Find in this trace' });
    await expect(find).toBeFocused();
    await page.keyboard.press('Control+k');
    await page.keyboard.press('ArrowDown');
    await expect(palette(page).getByRole('option', { selected: true })).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(palette(page)).toBeHidden();
    await expect(find).toBeFocused();
  });

  await test.step('from the sheet of keys to a service, and back to the trace', async () => {
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await page.keyboard.press('?');
    await page
      .getByRole('dialog', { name: 'Keyboard' })
      .getByRole('button', { name: /^Commands/ })
      .click();
    await page.keyboard.type('weighing-service');
    await entry(page, 'weighing-service').first().click();
    await expect(page).toHaveURL(/service=weighing-service/);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('weigh parcels');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(traceId));
  });
});

test(
  'a palette whose code does not come says so, and the page stays as it is',
  { tag: '@long' },
  async ({ page, clew, consoleErrors }) => {
    await page.goto(`${clew.addresses.ui}/search`);
    const form = page.getByRole('search', { name: 'Traces' });
    await form.getByLabel('Service', { exact: true }).fill('half typed');
    await page.route('**/palette-*.js', (route) => route.abort());
    await page.getByRole('button', { name: 'Commands' }).click();
    const notice = page.getByRole('alert').filter({ hasText: 'could not be loaded' });
    await expect(notice).toBeVisible();
    await form.getByLabel('Service', { exact: true }).press('Escape');
    await expect(notice).toBeHidden();
    await expect(form.getByLabel('Service', { exact: true })).toHaveValue('half typed');
    await page.getByRole('button', { name: 'Commands' }).click();
    await expect(notice).toBeVisible();
    await page.unroute('**/palette-*.js');
    await notice.getByRole('button', { name: 'Try again' }).click();
    await expect(palette(page)).toBeVisible();
    await expect(notice).toBeHidden();
    // The browser notes the request that was broken off, and React the failure.
    consoleErrors.length = 0;
  },
);
