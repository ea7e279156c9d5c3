/** Traces that no honest sender would send: shown as what they are, and nothing more. */
import type { Page } from '@playwright/test';
import { ClewProcess } from '../clew-process.ts';
import { encodeRawRequest, rawSpan } from '../otlp-bytes.ts';
import type { RawSpan } from '../otlp-bytes.ts';
import { expect, test } from './fixtures.ts';
import { treeRows, waitForTrace } from './search-page.ts';

const MARKUP = '<img src=x onerror="window.wasRun=1"></script><script>window.wasRun=1</script>';
const SERVICE = '<b onmouseover="window.wasRun=1">service</b>';

/** Names that break what takes them for markup, for one line of text from the left, or for short. */
const NAMES: readonly string[] = [
  MARKUP,
  'مرحبا بالعالم',
  'pay \u202Egnp.exe\u202C \u2066\u200F\u2069',
  '👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301\u0302\u0303\u0304',
  '\u200B\u200C\u200D\uFEFF',
  '',
  'x'.repeat(10_000),
  'javascript:window.wasRun=1',
  'two\nlines\tand a tab',
];

const VIEWS = ['1', '2', '3', '4', '5', '6', '7'];

async function sendHostile(otlpHttp: string): Promise<string> {
  const traceId = crypto.getRandomValues(new Uint8Array(16));
  const many = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, at) => [`key.${at}`, `value ${at}`]),
  );
  const spans: RawSpan[] = [
    ...NAMES.map((name) => ({
      traceId,
      name,
      attributes: {
        [MARKUP]: MARKUP,
        'url.full': 'javascript:window.wasRun=1',
        turned: 'a\u202Eb',
      },
    })),
    { traceId, name: 'a megabyte', attributes: { large: '<'.repeat(1_000_000) } },
    { traceId, name: 'many', attributes: many },
  ];
  const response = await fetch(`${otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Buffer.from(
      encodeRawRequest(
        spans.map((one) => rawSpan(one)),
        SERVICE,
      ),
    ),
  });
  expect(response.status).toBe(200);
  return Buffer.from(traceId).toString('hex');
}

/** What turns or hides text never stands on the page itself: what shows it is a mark. */
const TURNING = /[\u202A-\u202E\u2066\u2067\u200B\u200E\u200F\u2060\uFEFF]/u.source;
const SHOWN = 'pay ⟨RLO⟩gnp.exe⟨PDF⟩ ⟨LRI⟩⟨RLM⟩⟨PDI⟩';

/** Nothing of the trace was run, nothing was asked of the network for it, and nothing is wider than the window. */
async function expectHarmless(page: Page): Promise<void> {
  const found = await page.evaluate(
    (turning) => ({
      wasRun: Reflect.get(window, 'wasRun') as unknown,
      turned: new RegExp(turning, 'u').exec(document.body.innerText)?.input.slice(0, 200),
      injected: document.querySelectorAll('img, b[onmouseover], a[href^="javascript:"]').length,
      tooWideBy: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    }),
    TURNING,
  );
  expect(found).toEqual({ wasRun: undefined, turned: undefined, injected: 0, tooWideBy: 0 });
}

for (const width of [1280, 400]) {
  test(
    `a hostile trace is shown safely everywhere, ${width} px wide`,
    width === 1280 ? {} : { tag: '@long' },
    async ({ page }) => {
      test.slow();
      // One of its own: its names would come first in what other tests complete.
      await using clew = await ClewProcess.start({ from: 'dist' });
      page.on('dialog', (dialog) => {
        throw new Error(`a dialog was opened: ${dialog.message()}`);
      });
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) =>
          console.error(`violates ${event.violatedDirective}: ${event.blockedURI}`),
        );
      });
      await page.setViewportSize({ width, height: 800 });
      const traceId = await sendHostile(clew.addresses.otlpHttp);
      const count = NAMES.length + 2;
      await waitForTrace(page, `${clew.addresses.ui}/api/clew/traces/${traceId}`, count);

      await test.step('in the list of traces and of spans', async () => {
        const search = new URLSearchParams({ service: SERVICE });
        await page.goto(`${clew.addresses.ui}/search?${search}`);
        await expect(
          page.getByRole('list', { name: 'Traces' }).getByRole('link').first(),
        ).toBeVisible();
        await expectHarmless(page);
        await page.goto(`${clew.addresses.ui}/search?${search}&show=spans`);
        await expect(page.getByRole('list', { name: 'Spans' }).getByRole('link')).toHaveCount(
          count,
        );
        await expect(page.getByText(SHOWN)).toBeVisible();
        await expectHarmless(page);
      });

      await page.goto(`${clew.addresses.ui}/trace/${traceId}`);
      await expect(treeRows(page).first()).toBeVisible();
      await test.step('in the details of every span', async () => {
        for (let row = 0; row < count; row++) {
          await page.keyboard.press('ArrowDown');
          if (row === 0) {
            await page.keyboard.press('Enter');
            // What is shown as a mark is searched for as it was sent.
            const search = page.getByRole('link', { name: 'Search for turned=a⟨RLO⟩b' });
            await expect(search).toHaveAttribute('href', /%E2%80%AE/);
          }
          await expect(page.getByRole('tab', { name: /Attributes/ })).toBeVisible();
          await expectHarmless(page);
        }
        await expect(page.getByText('two␊lines␉and a tab').first()).toBeAttached();
        await page.keyboard.press('Escape');
      });
      for (const view of VIEWS) {
        await test.step(`in view ${view}`, async () => {
          await page.keyboard.press(view);
          await expect(page.getByRole('tabpanel').first()).toBeVisible();
          await expect(page.getByText('Loading the view')).toBeHidden();
          await expectHarmless(page);
        });
      }
      await test.step('in the palette', async () => {
        await page.keyboard.press('Control+k');
        await page.keyboard.type('onerror');
        await expect(page.getByRole('dialog').getByRole('option').first()).toBeVisible();
        await expectHarmless(page);
      });
    },
  );
}

test('scripts come from the server alone, by its policy', async ({ page, clew }) => {
  const response = await page.goto(`${clew.addresses.ui}/search`);
  const policy = response?.headers()['content-security-policy'] ?? '';
  const directives = new Map(
    policy.split(';').map((one): [string, string] => {
      const [name = '', ...values] = one.trim().split(/\s+/);
      return [name, values.join(' ')];
    }),
  );
  expect(directives.get('script-src') ?? directives.get('default-src')).toBe("'self'");
});
