/** One trace in a page of its own: what a person does, and what it takes. */
import { readFileSync } from 'node:fs';
import type { Browser, CDPSession, Page } from '@playwright/test';
import { recordFrames } from './frame-times.ts';
import type { WebTrace } from './traces.ts';

export interface PageFigures {
  readonly name: string;
  /** From the click to the picture of all spans, transfer included. */
  readonly openMs: number;
  /** Main-thread time of frames, 95th percentile, in milliseconds. */
  readonly zoomP95Ms: number;
  readonly panP95Ms: number;
  readonly scrollP95Ms: number;
  /** From the last key to the number of spans found. */
  readonly findMs: number;
  /** Resident memory of the renderer. */
  readonly memoryMb: number;
}

const FRAMES = 60;

export async function measureTracePage(
  browser: Browser,
  ui: string,
  trace: WebTrace,
): Promise<PageFigures> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  // What runs the sources names functions with it, those too that go to the page.
  await page.addInitScript({ content: 'globalThis.__name = (value) => value' });
  const session = await browser.newBrowserCDPSession();
  try {
    await page.goto(`${ui}/search`, { waitUntil: 'networkidle' });
    // The page's own chunk is there, as it is for whoever comes from the list.
    await openTrace(page, ui, SMALL_TRACE_ID);
    await page.goBack();
    const openMs = await openTrace(page, ui, trace.traceId);
    await expectSpanCount(page, trace.spanCount);
    const waterfall = page.locator('canvas[data-part="waterfall"]');
    const box = await waterfall.boundingBox();
    if (box === null) throw new Error('there is no waterfall');
    const x = box.x + box.width / 2;
    const y = box.y + Math.min(box.height, 700) / 2;
    const findMs = await find(page);
    // Before anything is recorded, which takes memory of its own.
    const memoryMb = await readMemoryMb(session);
    await page.mouse.move(x, y);
    const zoomP95Ms = await p95(session, () => wheel(page, -40, 'Control'));
    const panP95Ms = await p95(session, () => drag(page, x, y));
    const scrollP95Ms = await p95(session, () => wheel(page, 300));
    return {
      name: trace.name,
      openMs,
      zoomP95Ms,
      panP95Ms,
      scrollP95Ms,
      findMs,
      memoryMb,
    };
  } finally {
    await session.detach();
    await page.close();
  }
}

const SMALL_TRACE_ID = '0000000000000000c1e0000000000001';

/** Milliseconds from the key that opens it to the frame after the rows and the waterfall are drawn. */
async function openTrace(page: Page, ui: string, traceId: string): Promise<number> {
  await page.fill('#trace-id', traceId);
  await page.evaluate(() => {
    const drawn = (): boolean => document.querySelector('.tree-rows > *') !== null;
    const marks = { startMs: 0, endMs: 0 };
    Reflect.set(globalThis, 'marks', marks);
    document.addEventListener('submit', () => (marks.startMs = performance.now()), {
      capture: true,
      once: true,
    });
    const look = (): void => {
      if (marks.startMs > 0 && drawn()) {
        requestAnimationFrame(() => (marks.endMs = performance.now()));
      } else requestAnimationFrame(look);
    };
    look();
  });
  await page.press('#trace-id', 'Enter');
  await waitForEnd(page);
  await page.waitForURL(`${ui}/trace/${traceId}*`);
  return readMarks(page);
}

/** Until the page has set the end that is measured to. */
async function waitForEnd(page: Page): Promise<void> {
  await page.waitForFunction(
    () => (Reflect.get(globalThis, 'marks') as { endMs: number }).endMs > 0,
    undefined,
    { timeout: 120_000 },
  );
}

/** Milliseconds from the start that the page has set to the end. */
function readMarks(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { startMs, endMs } = Reflect.get(globalThis, 'marks') as Record<string, number>;
    return (endMs ?? 0) - (startMs ?? 0);
  });
}

async function expectSpanCount(page: Page, spanCount: number): Promise<void> {
  const text = (await page.locator('.trace-facts').textContent()) ?? '';
  const rows = await page.getByRole('treegrid').getAttribute('aria-rowcount');
  if (rows !== null && Number(rows) !== spanCount) {
    throw new Error(`${rows} rows of ${spanCount} spans: ${text}`);
  }
}

async function wheel(page: Page, deltaY: number, key?: string): Promise<void> {
  if (key !== undefined) await page.keyboard.down(key);
  for (let i = 0; i < FRAMES; i++) {
    const isBack = i >= FRAMES / 2;
    await page.mouse.wheel(0, isBack ? -deltaY : deltaY);
    await nextFrame(page);
  }
  if (key !== undefined) await page.keyboard.up(key);
}

async function drag(page: Page, x: number, y: number): Promise<void> {
  await page.keyboard.press('w');
  await page.keyboard.press('w');
  await nextFrame(page);
  await page.mouse.down();
  for (let i = 0; i < FRAMES; i++) {
    await page.mouse.move(x + 150 * Math.sin(i / 9), y);
    await nextFrame(page);
  }
  await page.mouse.up();
  await page.keyboard.press('0');
}

async function nextFrame(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
}

async function p95(session: CDPSession, act: () => Promise<void>): Promise<number> {
  const frames = (await recordFrames(session, act)).toSorted((a, b) => a - b);
  return frames[Math.floor(frames.length * 0.95)] ?? Number.NaN;
}

/** Words that a seventh of the spans have. */
async function find(page: Page): Promise<number> {
  await page.keyboard.press('f');
  await page.keyboard.type('get-use');
  await page.waitForFunction(() => document.querySelector('.find-count') !== null);
  await page.evaluate(() => {
    const marks = { startMs: 0, endMs: 0 };
    Reflect.set(globalThis, 'marks', marks);
    document.addEventListener('input', () => (marks.startMs = performance.now()), {
      capture: true,
      once: true,
    });
    const look = (): void => {
      const isDone = document.querySelector('[data-sought="get-user"]') !== null;
      if (marks.startMs > 0 && isDone) marks.endMs = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.keyboard.type('r');
  await waitForEnd(page);
  return readMarks(page);
}

async function readMemoryMb(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => {
      const status = readFileSync(`/proc/${id}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
    });
  return Math.max(...sizes);
}
