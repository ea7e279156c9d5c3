/**
 * Takes a picture of each page and view in light and dark, and compares it with the recorded one, pixel by pixel. That says something
 * only with the Chromium that recorded them: with another, the pages have to draw, and nothing is compared.
 *
 * `npm run test:screens` compares, `npm run test:screens -- --update` records.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { ROOT } from '../sources.ts';
import { test } from './fixed-clew.ts';
import { NOW_MS } from './fixed-spans.ts';
import { SCREENS } from './screens.ts';
import type { Screen } from './screens.ts';

const VERSION_FILE = join(import.meta.dirname, 'recorded', 'chromium.txt');
const DOCS_FOLDER = join(ROOT, 'docs', 'screenshots');
/** A colour that is blended twice may come out a 255th lighter or darker; what an eye could see counts. */
const THRESHOLD = 0.02;
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 400, height: 800 };

for (const theme of ['light', 'dark'] as const) {
  for (const screen of SCREENS) {
    test(`${screen.name}, ${theme}`, async ({ page, clew, browser }, { config }) => {
      await open(page, { screen, theme, url: clew.addresses.ui, size: DESKTOP });
      await compare(page, `${screen.name}-${theme}`, {
        version: browser.version(),
        isUpdate: config.updateSnapshots === 'all',
        docsName: screen.isInDocs === true && theme === 'light' ? screen.name : undefined,
      });
    });
    if (screen.isNarrowToo !== true) continue;
    test(`${screen.name} on a phone, ${theme}`, async ({ page, clew, browser }, { config }) => {
      await open(page, { screen, theme, url: clew.addresses.ui, size: PHONE });
      await compare(page, `${screen.name}-narrow-${theme}`, {
        version: browser.version(),
        isUpdate: config.updateSnapshots === 'all',
      });
    });
  }
}

interface Opened {
  readonly screen: Screen;
  readonly theme: 'light' | 'dark';
  readonly url: string;
  readonly size: { readonly width: number; readonly height: number };
}

async function open(page: Page, { screen, theme, url, size }: Opened): Promise<void> {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await page.clock.setFixedTime(NOW_MS);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(`${url}${screen.path}`);
  await expect(page.locator(screen.ready).first()).toBeVisible();
  await page.evaluate(() => document.fonts.ready);
  await page.waitForLoadState('networkidle');
  await screen.prepare?.(page);
  expect(errors).toEqual([]);
}

async function compare(
  page: Page,
  name: string,
  {
    version,
    isUpdate,
    docsName,
  }: {
    readonly version: string;
    readonly isUpdate: boolean;
    readonly docsName?: string | undefined;
  },
): Promise<void> {
  if (isUpdate) {
    mkdirSync(dirname(VERSION_FILE), { recursive: true });
    writeFileSync(VERSION_FILE, `${version}\n`);
  }
  const recorded = existsSync(VERSION_FILE) ? readFileSync(VERSION_FILE, 'utf8').trim() : 'none';
  if (recorded !== version) {
    const description = `recorded with Chromium ${recorded}, and this is ${version}`;
    test.info().annotations.push({ type: 'not compared', description });
    expect((await page.screenshot()).length).toBeGreaterThan(5000);
    return;
  }
  await expect(page).toHaveScreenshot(`${name}.png`, { maxDiffPixels: 0, threshold: THRESHOLD });
  if (docsName === undefined || !isUpdate) return;
  mkdirSync(DOCS_FOLDER, { recursive: true });
  copyFileSync(test.info().snapshotPath(`${name}.png`), join(DOCS_FOLDER, `${docsName}.png`));
}
