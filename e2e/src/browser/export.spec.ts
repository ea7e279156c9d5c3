/** The picture and the trace as files, and the page in another one. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Locator, Page } from '@playwright/test';
import { ClewProcess } from '../clew-process.ts';
import { expect, test } from './fixtures.ts';
import { encodeOtlpTrace } from './made-trace.ts';
import type { MadeTrace } from './made-trace.ts';
import { pressCaret, treeRows, waitForTrace } from './search-page.ts';

const HOSTILE_NAME = '</text><script>alert(1)</script> & "quoted" \' \u0001\u001b 🧶';

/** Shows a trace of its own, and answers its id. */
async function open(
  page: Page,
  clew: ClewProcess,
  made: Omit<MadeTrace, 'traceId'>,
): Promise<string> {
  const trace = { ...made, traceId: randomBytes(16).toString('hex') };
  await page.request.post(`${clew.addresses.otlpHttp}/v1/traces`, { data: encodeOtlpTrace(trace) });
  const url = `${clew.addresses.ui}/api/clew/traces/${trace.traceId}`;
  await waitForTrace(page, url, trace.spanCount);
  await page.goto(`${clew.addresses.ui}/trace/${trace.traceId}`);
  await expect(treeRows(page).first()).toBeVisible();
  return trace.traceId;
}

const menu = (page: Page): Locator => page.getByRole('group', { name: 'Export' });

/** What the menu's button saves, and how it is called. */
async function save(page: Page, name: string): Promise<{ file: Buffer; name: string }> {
  if (!(await menu(page).isVisible())) await page.getByRole('button', { name: 'Export' }).click();
  const download = page.waitForEvent('download');
  await menu(page).getByRole('button', { name, exact: true }).click();
  const saved = await download;
  const chunks: Buffer[] = [];
  for await (const chunk of await saved.createReadStream()) chunks.push(chunk as Buffer);
  return { file: Buffer.concat(chunks), name: saved.suggestedFilename() };
}

interface ReadSvg {
  readonly problem: string | null;
  readonly texts: readonly string[];
  readonly scripts: number;
  readonly heightPx: number;
}

/** As a browser reads it, strictly. */
function readSvg(page: Page, file: Buffer): Promise<ReadSvg> {
  return page.evaluate((text) => {
    const svg = new DOMParser().parseFromString(text, 'image/svg+xml');
    return {
      problem: svg.querySelector('parsererror')?.textContent ?? null,
      texts: [...svg.querySelectorAll('text')].map(({ textContent }) => textContent),
      scripts: svg.querySelectorAll('script, foreignObject, [onload]').length,
      heightPx: Number(svg.documentElement.getAttribute('height')),
    };
  }, file.toString());
}

/** The size that a PNG says it has. */
function sizeOfPng(file: Buffer): { readonly width: number; readonly height: number } {
  expect(file.subarray(1, 4).toString()).toBe('PNG');
  return { width: file.readUInt32BE(16), height: file.readUInt32BE(20) };
}

test('the picture that is shown is saved as SVG and PNG, in each view that is one', async ({
  page,
  clew,
}) => {
  const traceId = await open(page, clew, { spanCount: 60, nameOf: () => HOSTILE_NAME });
  const readable = HOSTILE_NAME.replace('\u0001', '␁').replace('\u001b', '␛');
  for (const [key, view] of [
    ['1', 'timeline'],
    ['2', 'flame'],
    ['3', 'graph'],
  ] as const) {
    await page.keyboard.press(key);
    const svg = await save(page, 'SVG');
    expect(svg.name).toBe(`trace-${traceId}-${view}.svg`);
    const read = await readSvg(page, svg.file);
    expect(read.problem).toBeNull();
    expect(read.scripts).toBe(0);
    expect(read.texts[0]).toContain(readable);
    expect(read.texts[1]).toContain(`60 spans · trace ${traceId}`);
    const png = await save(page, 'PNG');
    expect(png.name).toBe(`trace-${traceId}-${view}.png`);
    expect(sizeOfPng(png.file).height).toBeGreaterThanOrEqual(read.heightPx);
    await page.keyboard.press('Escape');
  }
  await page.keyboard.press('5');
  await page.getByRole('button', { name: 'Export' }).click();
  await expect(menu(page)).toContainText('This view is no picture');
  await expect(menu(page).getByRole('button', { name: 'SVG' })).toBeDisabled();
});

test('the timeline is saved as it is: zoomed, folded, and no more of it than the picture says', async ({
  page,
  clew,
}) => {
  await open(page, clew, { spanCount: 2500 });
  const all = await readSvg(page, (await save(page, 'SVG')).file);
  expect(all.texts.at(-1)).toBe('Rows 1 to 2,000 of 2,500; the others are not in this picture.');
  expect(all.texts).toContain('0');
  const png = sizeOfPng((await save(page, 'PNG')).file);
  expect(png.height).toBeLessThanOrEqual(16_384);

  await page.keyboard.press('Escape');
  await pressCaret(treeRows(page).first());
  await expect(treeRows(page)).toHaveCount(1);
  const folded = await readSvg(page, (await save(page, 'SVG')).file);
  expect(folded.texts.some((text) => text.startsWith('Rows'))).toBe(false);
  expect(folded.heightPx).toBeLessThan(200);
});

test('the trace is saved in the forms of other tools', { tag: '@long' }, async ({ page, clew }) => {
  const traceId = await open(page, clew, { spanCount: 60 });
  const jaeger = await save(page, 'Jaeger JSON');
  expect(jaeger.name).toBe(`trace-${traceId}.jaeger.json`);
  const { data } = JSON.parse(jaeger.file.toString()) as { data: { spans: unknown[] }[] };
  expect(data[0]?.spans).toHaveLength(60);
  const zipkin = await save(page, 'Zipkin JSON');
  expect(JSON.parse(zipkin.file.toString())).toHaveLength(60);
  const otlp = await save(page, 'OTLP JSON');
  expect(otlp.name).toBe(`trace-${traceId}.otlp.json`);
  expect(JSON.parse(otlp.file.toString())).toHaveProperty('resourceSpans');
});

test(
  'the heatmap of a search is saved with what was searched',
  { tag: '@long' },
  async ({ page, clew, context }) => {
    await open(page, clew, { spanCount: 60 });
    await page.goto(`${clew.addresses.ui}/search`);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'PNG' }).click();
    expect((await download).suggestedFilename()).toMatch(/^search-\d{19}-\d{19}\.png$/);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy embed code' }).click();
    await expect(page.getByText('Copied')).toBeVisible();
    const code = await page.evaluate(() => navigator.clipboard.readText());
    expect(code).toMatch(/^<iframe src="[^"]+\/search\?[^"]+embed=1&amp;theme=light"/);
  },
);

test('a page of an origin that was named shows a trace, and not the whole UI', async ({
  page,
  context,
  consoleErrors,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await using embedding = await startEmbedding();
  const { wiki, clew } = embedding;
  const traceId = await open(page, clew, { spanCount: 60 });
  await page.keyboard.press('2');
  await expect(page).toHaveURL(/view=flame/);
  await page.getByRole('button', { name: 'Export' }).click();
  await menu(page).getByRole('button', { name: 'Copy embed code' }).click();
  await expect(menu(page).getByText('Copied')).toBeVisible();
  const code = await page.evaluate(() => navigator.clipboard.readText());

  wiki.html = code.replace('theme=light', 'theme=dark');
  await page.goto(wiki.origin);
  const frame = page.frameLocator('iframe');
  await expect(frame.getByRole('application')).toBeVisible();
  await expect(frame.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(frame.getByRole('navigation')).toHaveCount(0);
  await expect(frame.getByRole('tablist')).toHaveCount(0);
  const link = frame.getByRole('link', { name: 'Open in Clew' });
  await expect(link).toHaveAttribute('rel', 'noopener');
  const whole = page.waitForEvent('popup');
  await link.click();
  const opened = await whole;
  await expect(opened.getByRole('tab', { name: 'Flame graph' })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  expect(opened.url()).not.toContain('embed');
  await opened.close();

  await test.step('and not the whole UI', async () => {
    consoleErrors.length = 0;
    wiki.html = frameOf(`${clew.addresses.ui}/trace/${traceId}`);
    await page.goto(wiki.origin);
    await expect.poll(() => consoleErrors.join('\n')).toContain('frame-ancestors');
    consoleErrors.length = 0;
  });
});

test(
  'each view stands in another page, and the picture of a search',
  { tag: '@long' },
  async ({ page }) => {
    await using embedding = await startEmbedding();
    const { wiki, clew } = embedding;
    const traceId = await open(page, clew, { spanCount: 60 });
    const frame = page.frameLocator('iframe');
    for (const view of ['timeline', 'graph', 'statistics', 'spans', 'events', 'json']) {
      wiki.html = frameOf(`${clew.addresses.ui}/trace/${traceId}?embed=1&view=${view}`);
      await page.goto(wiki.origin);
      await expect(frame.getByRole('group').first()).toBeVisible();
      await expect(frame.getByRole('link')).toHaveText(['Open in Clew']);
    }
    wiki.html = frameOf(`${clew.addresses.ui}/search?embed=1&theme=dark`);
    await page.goto(wiki.origin);
    await expect(frame.getByRole('application')).toBeVisible();
    await expect(frame.getByRole('link')).toHaveText(['Open in Clew']);
  },
);

test('a server that was told of nobody is shown by nobody', async ({
  page,
  clew,
  consoleErrors,
}) => {
  await using wiki = await startWiki();
  wiki.html = frameOf(`${clew.addresses.ui}/search?embed=1`);
  await page.goto(wiki.origin);
  await expect.poll(() => consoleErrors.join('\n')).toContain('frame-ancestors');
  consoleErrors.length = 0;
});

function frameOf(address: string): string {
  return `<iframe src="${address.replaceAll('&', '&amp;')}" width="900" height="480"></iframe>`;
}

interface Wiki extends AsyncDisposable {
  readonly origin: string;
  html: string;
}

/** Somebody else's page, and a Clew that may stand in it. */
async function startEmbedding(): Promise<
  AsyncDisposable & { readonly wiki: Wiki; readonly clew: ClewProcess }
> {
  const wiki = await startWiki();
  const flags = ['--embed-origins', wiki.origin];
  const clew = await ClewProcess.start({ from: 'dist', flags });
  return {
    wiki,
    clew,
    [Symbol.asyncDispose]: async () => {
      await clew[Symbol.asyncDispose]();
      await wiki[Symbol.asyncDispose]();
    },
  };
}

/** Somebody else's page. */
async function startWiki(): Promise<Wiki> {
  const wiki = { html: '' };
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(request.url === '/' ? `<link rel="icon" href="data:,">${wiki.html}` : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(wiki, {
    origin: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
