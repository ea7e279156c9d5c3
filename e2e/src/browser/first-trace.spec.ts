/** What a newcomer does: one order, and where did its time go? */
import { expect, test } from './fixtures.ts';
import { ORDER_SPAN_COUNT } from './shop.ts';
import { searchUntilFound, treeRows, waitForTrace } from './search-page.ts';

test('an order is found by its span’s name and read down to its SQL', async ({
  page,
  clew,
  shop,
}) => {
  const traceId = await shop.order({ userId: 1, item: 'tea', quantity: 2 });
  await waitForTrace(page, `${clew.addresses.ui}/api/clew/traces/${traceId}`, ORDER_SPAN_COUNT);

  await page.goto(clew.addresses.ui);
  const results = await searchUntilFound(page, async (form) => {
    await form.getByLabel('Span name').fill('create-order');
  });
  const result = results.first();
  await expect(result).toContainText('order-service');
  await expect(result).toContainText('user-service');
  await result.click();

  await expect(page).toHaveURL(new RegExp(`/trace/${traceId}`));
  const rows = treeRows(page);
  await expect(rows.filter({ hasText: 'create-order' })).toContainText('order-service');
  await expect(rows.filter({ hasText: 'get-user' })).toContainText('user-service');
  // It crosses every service of the shop, by HTTP and through the queue.
  await expect(rows.filter({ hasText: 'charge-card' })).toContainText('payment-service');
  await expect(rows.filter({ hasText: 'process orders' })).toContainText('shipping-service');
  // One tree: a single row at the top, all others below it.
  await expect(rows.and(page.locator('[aria-level="1"]'))).toHaveCount(1);

  const addressOfFound = page.url();
  await rows.filter({ hasText: 'SELECT' }).filter({ hasText: 'user-service' }).first().click();
  const details = page.getByRole('complementary', { name: 'Span details' });
  await expect(details).toContainText(/SELECT .+ FROM user_service\.users/);
  await expect(details).toContainText('user-service');

  await test.step('the address opens the same span for somebody else', async () => {
    await expect(page).not.toHaveURL(addressOfFound);
    const other = await page.context().newPage();
    await other.goto(page.url());
    await expect(other.getByRole('complementary', { name: 'Span details' })).toContainText(
      /SELECT .+ FROM user_service\.users/,
    );
    await expect(treeRows(other).and(other.locator('[aria-selected="true"]'))).toContainText(
      'SELECT',
    );
    await other.close();
  });

  await test.step('back leads to the trace without the span, and to the search as it was', async () => {
    await page.goBack();
    await expect(page).toHaveURL(new RegExp(`/trace/${traceId}`));
    await expect(details).not.toContainText('FROM user_service.users');
    await page.goBack();
    await expect(page.getByLabel('Span name')).toHaveValue('create-order');
    await expect(
      page.getByRole('list', { name: 'Traces' }).getByRole('link').first(),
    ).toBeVisible();
  });
});

test('a failed order shows as failed wherever it is seen', async ({ page, clew, shop }) => {
  await shop.order({ userId: 999_999, item: 'tea', quantity: 1 });
  await page.goto(clew.addresses.ui);
  const results = await searchUntilFound(page, async (form) => {
    await form.getByLabel('Service').fill('order-service');
    await form.getByLabel('Status').selectOption('error');
  });
  const result = results.first();
  await expect(result).toContainText(/\d of \d+ failed|\d+ failed|error/i);
  await result.click();

  await expect(page.getByRole('button', { name: /failed/ })).toBeVisible();
  await page.getByRole('button', { name: /failed/ }).click();
  const failed = treeRows(page).and(page.locator('[data-failed]'));
  await expect(failed.first()).toBeVisible();
  await expect(
    treeRows(page).and(page.locator('[aria-selected="true"][data-failed]')),
  ).toBeVisible();
});
