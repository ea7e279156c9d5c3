/**
 * Each page and view is scanned with axe, by light and in the dark: not one violation of any of its rules, those of WCAG at level AA
 * and those of good practice. The data are those of the pictures, so that a scan says the same each time.
 */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { ClewProcess } from '../clew-process.ts';
import { test } from '../screens/fixed-clew.ts';
import { FAILED_TRACE_ID, FAST_TRACE_ID, NOW_MS, SLOW_TRACE_ID } from '../screens/fixed-spans.ts';
import { SCREENS } from '../screens/screens.ts';
import type { Screen } from '../screens/screens.ts';
import { isDark, readContrasts } from './contrast.ts';

const { expect } = test;

type Scanned = Pick<Screen, 'name' | 'path' | 'ready' | 'prepare' | 'isNarrowToo'>;

const TRACE = `/trace/${FAILED_TRACE_ID}`;
const COMPARED = `/compare?a=${FAST_TRACE_ID}&b=${SLOW_TRACE_ID}`;
const TREE_ROW = '[data-part="rows"] [role="row"]';
const TABLE_ROW = '.virtual-table-row';

/** What there is no picture of. */
const FURTHER: readonly Scanned[] = [
  { name: 'search-live', path: '/search?show=live', ready: '.live-waiting' },
  {
    name: 'search-history',
    path: '/search',
    ready: '.search-answer',
    prepare: (page) => press(page, 'Searches'),
  },
  { name: 'search-embedded', path: '/search?embed=1', ready: '.embed-foot' },
  {
    name: 'trace-keys',
    path: TRACE,
    ready: TREE_ROW,
    prepare: (page) => press(page, 'Keyboard'),
  },
  {
    name: 'trace-export',
    path: TRACE,
    ready: TREE_ROW,
    prepare: (page) => press(page, 'Export'),
  },
  { name: 'trace-embedded', path: `${TRACE}?embed=1`, ready: TREE_ROW },
  { name: 'trace-unknown', path: `/trace/${'1'.padStart(32, '0')}`, ready: 'main h2' },
  { name: 'flame-table', path: `${TRACE}?view=flame&as=table`, ready: TABLE_ROW },
  { name: 'graph-table', path: `${TRACE}?view=graph&as=table`, ready: TABLE_ROW },
  { name: 'compare-choice', path: `/compare?b=${FAILED_TRACE_ID}`, ready: '.choice-list li' },
  { name: 'compare-spans', path: `${COMPARED}&view=spans`, ready: TABLE_ROW },
];

/** Those that have most; the rest is long. */
const FIRST = ['search', 'trace-details', 'compare'];
const PHONE = { width: 400, height: 800 };

for (const scanned of [...SCREENS, ...FURTHER]) {
  const { name, path, ready, prepare, isNarrowToo = false } = scanned;
  const isLong = !FIRST.includes(name);
  test(
    `${name} has no violation, by light and in the dark`,
    { tag: isLong ? ['@long'] : [] },
    async ({ page, clew }) => {
      await page.clock.setFixedTime(NOW_MS);
      await open(page, `${clew.addresses.ui}${path}`);
      await expect(page.locator(ready).first()).toBeVisible();
      await prepare?.(page);
      await expectNoViolation(page);
    },
  );
  if (!isNarrowToo) continue;
  test(`${name} has no violation on a phone`, { tag: '@long' }, async ({ page, clew }) => {
    await page.setViewportSize(PHONE);
    await page.clock.setFixedTime(NOW_MS);
    await open(page, `${clew.addresses.ui}${path}`);
    await expect(page.locator(ready).first()).toBeVisible();
    await expectNoViolation(page);
  });
}

test(
  'the first steps have no violation, by light and in the dark',
  { tag: '@long' },
  async ({ page }) => {
    await using empty = await ClewProcess.start({ from: 'dist' });
    await open(page, `${empty.addresses.ui}/search`);
    await expect(page.locator('.first-steps')).toBeVisible();
    await expectNoViolation(page);
  },
);

test(
  'buttons fade where nobody asked that nothing moves',
  { tag: '@long' },
  async ({ page, clew }) => {
    await page.goto(`${clew.addresses.ui}/search`);
    await expect(page.locator('.search-answer')).toBeVisible();
    // So that the scans, which find nothing that moves, are known to look.
    expect(await findMotion(page)).not.toEqual([]);
  },
);

/** By light, and with the system's wish that nothing moves. */
async function open(page: Page, url: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.goto(url);
}

/** By the button of this name. */
async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  await expect(page.locator('.history-panel, .key-sheet, .export-panel')).toBeVisible();
}

async function expectNoViolation(page: Page): Promise<void> {
  expect(await findViolations(page), 'by light').toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => isDark(page)).toBe(true);
  expect(await findViolations(page), 'in the dark').toEqual([]);
  expect(await findNamelessPictures(page)).toEqual([]);
  expect(await findMotion(page)).toEqual([]);
}

/** What is wrong, a line for each element. */
async function findViolations(page: Page): Promise<readonly string[]> {
  // Without the page of its own that axe would open for frames of other origins.
  const { violations, incomplete } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  const broken = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, html }) => `${id}: ${help}: ${target.join(' ')}: ${html}`),
  );
  const undecided = incomplete
    .filter(({ id }) => id === 'color-contrast')
    .flatMap(({ nodes }) => nodes.map(({ target }) => target.join(' ')));
  return [...broken, ...(await findFaintTexts(page, undecided))];
}

const MIN_CONTRAST = 4.5;

/** Axe does not judge text that something else reaches into, or that is a sign: what is behind each in the document decides. */
async function findFaintTexts(page: Page, targets: readonly string[]): Promise<readonly string[]> {
  if (targets.length === 0) return [];
  const contrasts = await readContrasts(page.locator(targets.join(', ')));
  return contrasts
    .filter(({ contrast }) => contrast < MIN_CONTRAST)
    .map(({ text, contrast }) => `contrast of ${contrast.toFixed(2)}: ${text}`);
}

/** Pictures that neither say what they show nor leave it to what is around them: axe does not look at canvases. */
function findNamelessPictures(page: Page): Promise<readonly string[]> {
  return page
    .locator('canvas, svg')
    .evaluateAll((pictures) =>
      pictures
        .filter(
          (picture) =>
            !picture.hasAttribute('aria-label') &&
            picture.closest('[aria-hidden="true"], [role="group"][aria-label]') === null,
        )
        .map((picture) => picture.outerHTML.slice(0, 200)),
    );
}

/** What is in motion, or would be. */
function findMotion(page: Page): Promise<readonly string[]> {
  return page.locator('*').evaluateAll((elements) =>
    elements
      .filter((element) =>
        ['', '::before', '::after'].some((part) => {
          const { animationName, transitionDuration } = getComputedStyle(element, part);
          return animationName !== 'none' || /[1-9]/.test(transitionDuration);
        }),
      )
      .map((element) => element.outerHTML.slice(0, 200)),
  );
}
