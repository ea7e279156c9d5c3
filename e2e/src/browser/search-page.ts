import type { Locator, Page } from '@playwright/test';
import { expect } from './fixtures.ts';

/** Searches until there is a result: what was just sent takes a moment to arrive. */
export async function searchUntilFound(
  page: Page,
  fill: (form: Locator) => Promise<void>,
): Promise<Locator> {
  const form = page.getByRole('search', { name: 'Traces' });
  const results = page.getByRole('list', { name: 'Traces' }).getByRole('link');
  await fill(form);
  await expect(async () => {
    // What the page found before stays on it until this answer, so the answer is read first.
    const answered = page.waitForResponse(/\/api\/clew\/search\?/, { timeout: 3000 });
    await form.getByRole('button', { name: 'Find traces' }).click();
    const { traces } = (await (await answered).json()) as { traces: unknown[] };
    expect(traces.length).toBeGreaterThan(0);
    await expect(results.first()).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 15_000, intervals: [200] });
  return results;
}

/** Waits until a trace has as many spans: its services send theirs at different moments. */
export async function waitForTrace(page: Page, url: string, spanCount: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const response = await page.request.get(url);
        const { spans = [] } = (await response.json()) as { spans?: unknown[] };
        return spans.length;
      },
      { timeout: 20_000, intervals: [100] },
    )
    .toBeGreaterThanOrEqual(spanCount);
}

/** The rows of the trace page's tree. */
export function treeRows(page: Page): Locator {
  return page.getByRole('treegrid', { name: 'Spans of the trace' }).getByRole('row');
}

/** Presses where the caret of a row of the tree is drawn, which folds or unfolds it. */
export async function pressCaret(row: Locator): Promise<void> {
  const depth = Number(await row.getAttribute('aria-level')) - 1;
  await row.click({ position: { x: CARET_PX + depth * INDENT_PX, y: 11 } });
}

/** Of a tree that is neither narrow nor deep. */
const INDENT_PX = 14;
const CARET_PX = 14;
