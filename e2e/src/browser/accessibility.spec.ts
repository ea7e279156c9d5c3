/**
 * Each page and view is scanned with axe, by light and in the dark: not one violation of any of its rules, those of WCAG 2.2 at level
 * AA and those of good practice. The data are those of the pictures, so that a scan says the same each time.
 */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { test } from '../screens/fixed-clew.ts';
import { FAILED_TRACE_ID, NOW_MS, TRACE_ID } from '../screens/fixed-spans.ts';
import { SCREENS } from '../screens/screens.ts';
import type { Screen } from '../screens/screens.ts';
import { isDark } from './contrast.ts';

const { expect } = test;

type Scanned = Pick<Screen, 'name' | 'path' | 'ready' | 'prepare'>;

const TRACE = `/trace/${FAILED_TRACE_ID}`;
const COMPARED = `/compare?a=${TRACE_ID}&b=${FAILED_TRACE_ID}`;
const TREE_ROW = '[data-part="rows"] [role="row"]';

/** What has no picture of its own, or only one as it is when nothing is open. */
const FURTHER: readonly Scanned[] = [
  {
    name: 'trace with the keys',
    path: TRACE,
    ready: TREE_ROW,
    prepare: (page) => press(page, '?'),
  },
  { name: 'trace in a frame', path: `${TRACE}?embed=1`, ready: TREE_ROW },
  { name: 'trace that is unknown', path: `/trace/${'1'.padStart(32, '0')}`, ready: 'h1' },
  { name: 'flame as a table', path: `${TRACE}?view=flame&as=table`, ready: '.virtual-table-row' },
  { name: 'graph as a table', path: `${TRACE}?view=graph&as=table`, ready: '.virtual-table-row' },
  {
    name: 'compare, a trace to choose',
    path: `/compare?b=${FAILED_TRACE_ID}`,
    ready: '.choice-list li',
  },
  { name: 'compare, spans', path: `${COMPARED}&view=spans`, ready: '.virtual-table-row' },
];

/** The rest is scanned with the long tests. */
const ALWAYS = new Set<string>();

for (const { name, path, ready, prepare } of [...SCREENS, ...FURTHER]) {
  const tag = ALWAYS.has(name) ? [] : ['@long'];
  test(`${name} has no violation, by light and in the dark`, { tag }, async ({ page, clew }) => {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.clock.setFixedTime(NOW_MS);
    await page.goto(`${clew.addresses.ui}${path}`);
    await expect(page.locator(ready).first()).toBeVisible();
    await prepare?.(page);
    expect(await findViolations(page), 'by light').toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(() => isDark(page)).toBe(true);
    expect(await findViolations(page), 'in the dark').toEqual([]);
  });
}

/** What is wrong, a line for each element. */
async function findViolations(page: Page): Promise<readonly string[]> {
  // Without the page of its own that axe would open for frames of other origins.
  const { violations, incomplete } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  for (const { id, nodes } of incomplete)
    for (const { target, any } of nodes)
      console.log(
        'INC',
        id,
        target.join(' '),
        any[0]?.message,
        JSON.stringify(any[0]?.data).slice(0, 200),
      );
  const broken = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, html }) => `${id}: ${help}: ${target.join(' ')}: ${html}`),
  );
  return [...broken, ...(await findNamelessPictures(page)), ...(await findMotion(page))];
}

/** Pictures that neither say what they show nor leave it to something else: axe does not look at canvases. */
function findNamelessPictures(page: Page): Promise<readonly string[]> {
  return page
    .locator('canvas, svg')
    .evaluateAll((pictures) =>
      pictures
        .filter(
          (picture) =>
            picture.closest('[aria-hidden="true"], [role="group"][aria-label]') === null &&
            !picture.hasAttribute('aria-label'),
        )
        .map((picture) => `picture without a name: ${picture.outerHTML.slice(0, 200)}`),
    );
}

/** What would move although the reader's system asks that nothing moves. */
function findMotion(page: Page): Promise<readonly string[]> {
  return page.locator('*').evaluateAll((elements) =>
    elements
      .flatMap((element) =>
        ['', '::before', '::after'].map((part) => ({
          element,
          style: getComputedStyle(element, part),
        })),
      )
      .filter(
        ({ style }) => style.animationName !== 'none' || /[1-9]/.test(style.transitionDuration),
      )
      .map(({ element }) => `moves: ${element.outerHTML.slice(0, 200)}`),
  );
}

function press(page: Page, key: string): Promise<void> {
  return page.keyboard.press(key);
}
