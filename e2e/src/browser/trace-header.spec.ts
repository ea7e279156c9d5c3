/** The line of a trace's figures: its id may be short, but is never cut off, nor under what stands beside it. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { encodeOtlpTrace } from './made-trace.ts';
import { treeRows, waitForTrace } from './search-page.ts';

const TRACE = { traceId: '4bf92f3577b34da6a3ce929d0e0e47a1', spanCount: 3_000 };

test('the id of a trace has room for eight digits and its button, however much is said beside it', async ({
  page,
  clew,
  consoleErrors,
}) => {
  await fetch(`${clew.addresses.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(encodeOtlpTrace(TRACE)),
  });
  const { ui } = clew.addresses;
  await waitForTrace(page, `${ui}/api/clew/traces/${TRACE.traceId}`, TRACE.spanCount);
  await page.goto(`${ui}/trace/${TRACE.traceId}`);
  await expect(treeRows(page).first()).toBeVisible();
  await expect(page.locator('.trace-facts')).toContainText('root');
  const find = page.getByRole('textbox', { name: 'Find in this trace' });
  for (const sought of ['', 'create-order', '{ duration > }']) {
    await find.fill(sought);
    if (sought !== '') await expect(page.locator('.find-box output')).toBeVisible();
    if (sought.startsWith('{')) {
      await expect(page.getByRole('alert')).toContainText('at character 14');
    }
    for (const width of [1024, 1280, 1440]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await findFaults(page), `"${sought}" at ${width} px`).toEqual([]);
    }
  }
  // The browser tells of the query that was refused.
  consoleErrors.length = 0;
});

/** What is wrong with the id and its button, in words. */
function findFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const id = document.querySelector('.trace-id');
    const button = id?.parentElement?.querySelector('button');
    if (id === null || !(button instanceof HTMLElement)) return ['missing'];
    const line = getComputedStyle(id);
    const range = document.createRange();
    range.setStart(id.firstChild ?? id, 0);
    range.setEnd(id.firstChild ?? id, 8);
    const seen = id.getBoundingClientRect();
    const place = button.getBoundingClientRect();
    const atButton = document.elementFromPoint(
      place.left + place.width / 2,
      place.top + place.height / 2,
    );
    const isWhole = id.scrollWidth <= id.clientWidth;
    return [
      isWhole || line.textOverflow === 'ellipsis' ? '' : 'cut without an ellipsis',
      range.getBoundingClientRect().right <= seen.right ? '' : 'no room for eight digits',
      seen.right <= place.left ? '' : 'the id is under its button',
      button.contains(atButton) ? '' : 'the button is under something else',
      document.documentElement.scrollWidth <= innerWidth ? '' : 'the page is too wide',
    ].filter((fault) => fault !== '');
  });
}
