import type { Browser } from '@playwright/test';

export interface FirstLoadFigures {
  /** What comes over the wire until the search page can be used, compressed, in kB; without fonts' lazy ranges. */
  readonly transferKb: number;
  readonly scriptKb: number;
  /** From the request of the page to a field that takes keys. */
  readonly interactiveMs: number;
}

/** The first visit: nothing is in the browser's cache. */
export async function measureFirstLoad(browser: Browser, ui: string): Promise<FirstLoadFigures> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  try {
    await page.goto(`${ui}/search`, { waitUntil: 'commit' });
    await page.locator('.search-form input, .search-form select').first().waitFor();
    const { entries, nowMs } = await page.evaluate(() => ({
      entries: performance.getEntriesByType('resource').map((entry) => ({
        name: entry.name,
        bytes: (entry as PerformanceResourceTiming).encodedBodySize,
      })),
      nowMs: performance.now(),
    }));
    const own = entries.filter(({ name }) => !name.includes('/api/'));
    const sum = (all: typeof own): number => all.reduce((total, { bytes }) => total + bytes, 0);
    const scripts = own.filter(({ name }) => name.endsWith('.js'));
    return {
      transferKb: Math.round(sum(own) / 1000),
      scriptKb: Math.round(sum(scripts) / 1000),
      interactiveMs: Math.round(nowMs),
    };
  } finally {
    await context.close();
  }
}
