import { test as base } from '@playwright/test';
import type { ConsoleMessage } from '@playwright/test';
import { ClewProcess } from '../clew-process.ts';
import { startShop } from './shop.ts';
import type { Shop } from './shop.ts';

interface WorkerFixtures {
  /** A server as users run it, shared by the tests of a worker. */
  readonly clew: ClewProcess;
  /** The demo's services, sending to `clew`. */
  readonly shop: Shop;
}

interface TestFixtures {
  /** What the page must not write to the console; a test that provokes some empties it. */
  readonly consoleErrors: string[];
}

/** Tests with a server, a shop, and an eye on the console. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  clew: [
    async ({}, use) => {
      const clew = await ClewProcess.start({ from: 'dist' });
      await use(clew);
      await clew[Symbol.asyncDispose]();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  shop: [
    async ({ clew }, use) => {
      const shop = await startShop(clew.addresses.otlpHttp);
      await use(shop);
      await shop.stop();
    },
    // The first start on a machine creates the database's template.
    { scope: 'worker', timeout: 120_000 },
  ],
  consoleErrors: [
    async ({ page, clew }, use, testInfo) => {
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message: ConsoleMessage) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      await use(errors);
      // What the server said meanwhile is worth more than the browser's "status of 500".
      if (errors.length > 0) await testInfo.attach('log of the server', { body: clew.log });
      test.expect(errors, 'errors on the console').toEqual([]);
    },
    { auto: true },
  ],
});

export const { expect } = test;
