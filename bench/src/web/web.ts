/** `npm run bench -- web`: the screen with traces of any size, in a real browser. */
import { chromium } from '@playwright/test';
import type { Browser } from '@playwright/test';
import { encodeTracesProtobuf } from '@clew/protocol';
import { ClewProcess } from '../../../e2e/src/clew-process.ts';
import { CHROMIUM_ARGUMENTS, findChromium } from '../../../scripts/find-chromium.ts';
import { formatTable, keepResult } from '../keep-result.ts';
import { waitUntilDrained, waitUntilQuiet } from '../server-wait.ts';
import { measureFirstLoad } from './first-load.ts';
import { measureTracePage } from './trace-page.ts';
import type { PageFigures } from './trace-page.ts';
import { WEB_TRACES } from './traces.ts';
import type { WebTrace } from './traces.ts';

export interface WebOptions {
  /** Only traces whose names contain it. */
  readonly only?: string | undefined;
}

export async function benchWeb({ only = '' }: WebOptions): Promise<void> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('there is no Chromium');
  await using clew = await ClewProcess.start({ from: 'dist' });
  const { ui, otlpHttp } = clew.addresses;
  const traces = WEB_TRACES.filter(({ name }, at) => at === 0 || name.includes(only));
  for (const trace of traces) await send(otlpHttp, trace);
  await waitUntilDrained(clew);
  await waitUntilQuiet(clew);
  /** A browser of its own for each, so that none has the memory of the one before. */
  const inBrowser = async <T>(measure: (browser: Browser) => Promise<T>): Promise<T> => {
    const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGUMENTS] });
    try {
      return await measure(browser);
    } finally {
      await browser.close();
    }
  };
  const firstLoad = await inBrowser((browser) => measureFirstLoad(browser, ui));
  const figures: PageFigures[] = [];
  for (const trace of traces) {
    figures.push(await inBrowser((browser) => measureTracePage(browser, ui, trace)));
    process.stderr.write(`${JSON.stringify(figures.at(-1))}\n`);
  }
  process.stdout.write(`${JSON.stringify(firstLoad)}\n${format(figures)}\n`);
  process.stdout.write(`${keepResult('web', { firstLoad, figures })}\n`);
}

async function send(otlpHttp: string, trace: WebTrace): Promise<void> {
  const startUnixNano = BigInt(Date.now() - 600_000) * 1_000_000n;
  for (const spans of trace.spans(startUnixNano)) {
    const response = await fetch(`${otlpHttp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: encodeTracesProtobuf(spans),
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  }
}

function format(figures: readonly PageFigures[]): string {
  const header = ['', 'open ms', 'zoom', 'pan', 'scroll', 'find ms', 'memory MB'];
  return formatTable(
    header,
    figures.map((one) => [
      one.name,
      one.openMs.toFixed(0),
      one.zoomP95Ms.toFixed(1),
      one.panP95Ms.toFixed(1),
      one.scrollP95Ms.toFixed(1),
      one.findMs.toFixed(0),
      one.memoryMb.toFixed(0),
    ]),
  );
}
