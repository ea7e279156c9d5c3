/** The line of TraceQL: completed while it is typed, marked where it cannot be read, and a link like every search. */
import { expect, test } from './fixtures.ts';
import { searchUntilFound } from './search-page.ts';

test('a query is completed from what was received, and finds traces', async ({
  page,
  clew,
  shop,
}) => {
  await shop.order({ userId: 1, item: 'cup', quantity: 1 });
  await page.goto(`${clew.addresses.ui}/search`);
  await searchUntilFound(page, () => Promise.resolve());
  await page.getByLabel('Service', { exact: true }).fill('order-service');
  await page.getByRole('button', { name: 'TraceQL' }).click();
  const line = page.getByRole('combobox', { name: 'TraceQL' });
  await expect(line).toHaveValue('{ resource.service.name = "order-service" }');

  // A page that was opened before the first span knows no attributes yet.
  await page.reload();
  await page.getByRole('button', { name: 'TraceQL' }).click();
  const offered = page.getByRole('listbox', { name: 'Completions' }).getByRole('option');
  await line.fill('{ resource.service.na');
  await expect(offered.first()).toHaveText(
    /^resource\.service\.namestring · [\d.]+(\sk)? in the last hour$/,
  );
  await page.keyboard.press('Tab');
  await expect(line).toHaveValue('{ resource.service.name');
  await line.pressSequentially(' = ');
  await expect(offered.first()).toHaveText(/^"order-service"[\d.]+(\sk)? in the last hour$/);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(line).toHaveValue('{ resource.service.name = "order-service"');
  await line.pressSequentially(' } >> { kind = server }');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('list', { name: 'Traces' }).getByRole('link').first()).toBeVisible();
  // The query is checked by code that comes when it is first needed.
  await expect
    .poll(() => new URL(page.url()).searchParams.get('q'))
    .toBe('{ resource.service.name = "order-service" } >> { kind = server }');
  await page.getByLabel('Order', { exact: true }).selectOption('Most spans first');
  await expect(page).toHaveURL(/order=mostSpans/);
});

test('what cannot be read is marked, and nothing is asked', async ({ page, clew }) => {
  await page.goto(`${clew.addresses.ui}/search`);
  await page.getByRole('button', { name: 'TraceQL' }).click();
  const line = page.getByRole('combobox', { name: 'TraceQL' });
  await line.fill('{ status = wrong }');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Find traces' }).click();
  await expect(line).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('mark')).toHaveText('wrong');
  await expect(page.getByRole('alert')).toContainText('expected');
  expect(new URL(page.url()).searchParams.has('q')).toBe(false);
});

test('a key takes the query that was probably meant', async ({ page, clew }) => {
  await page.goto(`${clew.addresses.ui}/search`);
  await page.getByRole('button', { name: 'TraceQL' }).click();
  const line = page.getByRole('combobox', { name: 'TraceQL' });
  await line.fill("{ service.name = 'cart' and duration > 5 ms }");
  const meant = '{ resource.service.name = "cart" && duration > 5ms }';
  await expect(page.getByRole('button', { name: meant })).toBeVisible();
  await page.keyboard.press('Control+.');
  await expect(line).toHaveValue(meant);
  await expect(line).toBeFocused();
  await page.getByRole('button', { name: 'Fields' }).click();
  await expect(page.getByLabel('Service', { exact: true })).toHaveValue('cart');
  await expect(page.getByLabel('Min duration')).toHaveValue('>5ms');
});

test('on a narrow screen the form is a line, and results are seen without scrolling', async ({
  page,
  clew,
  shop,
}) => {
  await shop.order({ userId: 1, item: 'cup', quantity: 1 });
  await page.goto(`${clew.addresses.ui}/search`);
  await searchUntilFound(page, () => Promise.resolve());
  await page.setViewportSize({ width: 400, height: 800 });
  await expect(page.getByLabel('Service', { exact: true })).toBeHidden();
  await expect(
    page.getByRole('list', { name: 'Traces' }).getByRole('link').first(),
  ).toBeInViewport();
  await page.getByTitle('Edit the search').click();
  await page.getByLabel('Service', { exact: true }).fill('order-service');
  await page.keyboard.press('Enter');
  await expect(page.getByTitle('Edit the search')).toContainText('order-service');
});
