/** The library's browser build: what a person does on a page is one trace with what the servers do, whatever becomes of the page. */
import { createClient } from '@clew/api';
import type { SpanJson } from '@clew/api';
import type { Page } from '@playwright/test';
import { expect, test as base } from './fixtures.ts';
import { startProgram } from './program.ts';

/** The server of a traced page, whose spans go to the same Clew as the page's. */
const test = base.extend<object, { readonly site: string }>({
  site: [
    async ({ clew }, use) => {
      const program = await startProgram('e2e/src/browser/traced-site/server.ts', {
        OTEL_EXPORTER_OTLP_ENDPOINT: clew.addresses.otlpHttp,
        OTEL_BSP_SCHEDULE_DELAY: '100',
      });
      await use(program.url);
      await program.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

interface SeenSpan extends SpanJson {
  readonly service: string | undefined;
}

/** The spans of the traces that have a span of this name, once there are as many as expected. */
async function readTraces(
  ui: string,
  name: string,
  { spanCount, since = 0 }: { readonly spanCount: number; readonly since?: number },
): Promise<SeenSpan[]> {
  const client = createClient(ui);
  let spans: SeenSpan[] = [];
  await expect
    .poll(
      async () => {
        const q = `{ name = ${JSON.stringify(name)} && resource.service.name = "shop-page" }`;
        const { traces } = await client.searchTraces({ q, start: `${since}000000` });
        const read = await Promise.all(traces.map(({ traceId }) => client.readTrace(traceId)));
        spans = read.flatMap(({ spans, resources }) =>
          spans.map((span) => Object.assign(span, { service: resources[span.resource]?.service })),
        );
        return spans.length;
      },
      { timeout: 20_000, intervals: [200], message: `spans of the traces with ${name}` },
    )
    .toBeGreaterThanOrEqual(spanCount);
  return spans;
}

/** Each span as `name < parent < …`, the page's with a star. */
function paths(spans: readonly SeenSpan[]): string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const pathOf = (span: SeenSpan): string => {
    const parent = span.parentSpanId === undefined ? undefined : byId.get(span.parentSpanId);
    const own = span.service === 'shop-page' ? `${span.name}*` : span.name;
    if (parent !== undefined) return `${own} < ${pathOf(parent)}`;
    return span.parentSpanId === undefined ? own : `${own} < lost`;
  };
  return spans.map(pathOf).toSorted();
}

async function act(page: Page, button: string): Promise<void> {
  await page.click(`#${button}`);
  await expect(page).toHaveTitle(`${button} done`);
}

const ORDER = [
  'GET /price < GET* < click button#buy*',
  'GET /stock < GET* < show-price* < click button#buy*',
  'GET* < click button#buy*',
  'GET* < show-price* < click button#buy*',
  'PUT /order < PUT* < click button#buy*',
  'PUT* < click button#buy*',
  'click button#buy*',
  'show-price* < click button#buy*',
];

test('a click is one trace with all that it starts, and the page may be closed right after it', async ({
  context,
  clew,
  site,
}) => {
  const page = await context.newPage();
  await page.goto(site);
  const since = Date.now();
  await act(page, 'buy');
  await page.close();
  const spans = await readTraces(clew.addresses.ui, 'click button#buy', { spanCount: 8, since });
  expect(paths(spans)).toEqual(ORDER);
});

test('a receiver at the page’s own origin is sent beacons when the page is closed', async ({
  context,
  clew,
  site,
}) => {
  const page = await context.newPage();
  // What the browser sends of a page that is gone is not seen from outside.
  await page.addInitScript(() => {
    const own = navigator.sendBeacon.bind(navigator);
    navigator.sendBeacon = (url, body) => {
      const isTaken = own(url, body);
      localStorage.setItem('beacon', isTaken ? 'taken' : 'refused');
      return isTaken;
    };
  });
  await page.goto(`${site}/?endpoint=/relay`);
  const since = Date.now();
  await act(page, 'buy');
  await page.goto(`${site}/style.css`);
  const spans = await readTraces(clew.addresses.ui, 'click button#buy', { spanCount: 8, since });
  expect(paths(spans)).toEqual(ORDER);
  expect(await page.evaluate(() => localStorage.getItem('beacon'))).toBe('taken');
});

test('the loading of a page goes on with the trace of the server that made it', async ({
  page,
  clew,
  site,
}) => {
  await page.goto(`${site}/?visit=1`);
  await page.waitForLoadState('load');
  // Whoever leaves a page at once has loaded it nevertheless.
  await page.goto('about:blank');
  const spans = await readTraces(clew.addresses.ui, 'documentLoad', { spanCount: 5 });
  const tree = paths(spans);
  for (const path of [
    'GET /',
    'documentLoad* < GET /',
    'documentFetch* < documentLoad* < GET /',
    'resourceFetch* < documentLoad* < GET /',
  ]) {
    expect(tree).toContain(path);
  }
  expect(tree.filter((path) => path.includes('lost'))).toEqual([]);
});

test('Enter in a form is its submit, and other origins get no header that they do not know', async ({
  page,
  clew,
  site,
}) => {
  await page.goto(site);
  await page.getByLabel('Item').press('Enter');
  await expect(page).toHaveTitle('ask done');
  await page.goto('about:blank');
  const spans = await readTraces(clew.addresses.ui, 'submit form[name=ask]', { spanCount: 3 });
  expect(paths(spans)).toEqual([
    'GET* < submit form[name=ask]* < keydown input[name=item]*',
    'keydown input[name=item]*',
    'submit form[name=ask]* < keydown input[name=item]*',
  ]);
});

test.describe('with a receiver that is of no use, the page is as it would be', () => {
  for (const [name, endpoint] of [
    ['that nobody listens at', 'http://127.0.0.1:1'],
    ['whose answers are garbage', '/garbage'],
    ['that is no address', 'http://[garbage'],
    ['that refuses everything', '/missing'],
  ] as const) {
    test(name, async ({ page, site, consoleErrors }) => {
      const pageErrors: Error[] = [];
      page.on('pageerror', (error) => pageErrors.push(error));
      await page.goto(`${site}/?endpoint=${encodeURIComponent(endpoint)}`);
      await page.click('#fail');
      await expect(page).toHaveTitle('fail done');
      const stats = JSON.parse((await page.getAttribute('body', 'data-stats')) ?? '{}') as Record<
        string,
        number
      >;
      const { endedSpanCount = 0, ...others } = stats;
      const sum = Object.values(others).reduce((total, count) => total + count, 0);
      expect(sum).toBe(endedSpanCount);
      expect(pageErrors).toEqual([]);
      // The browser itself tells of requests that fail.
      consoleErrors.splice(0);
    });
  }
});
