import { defineConfig } from '@playwright/test';
import { CHROMIUM_ARGUMENTS, findChromium } from '../scripts/find-chromium.ts';

const executablePath = findChromium();
if (executablePath === undefined) {
  throw new Error('there is no Chromium: run "npx tsx scripts/ensure-chromium.ts"');
}

/** Two workers, each with a Clew and a shop of its own that its tests share: much of the time is waiting. */
export default defineConfig({
  testDir: 'src/browser',
  outputDir: 'test-results',
  workers: 2,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list']],
  timeout: 45_000,
  expect: { timeout: 10_000 },
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath, args: [...CHROMIUM_ARGUMENTS] },
  },
});
