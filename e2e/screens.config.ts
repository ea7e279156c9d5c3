import { defineConfig } from '@playwright/test';
import { CHROMIUM_ARGUMENTS } from '../scripts/find-chromium.ts';
import browserTests from './playwright.config.ts';

/** Pictures of every page, apart from the tests of what pages do: see `src/screens/screens.ts`. */
export default defineConfig({
  ...browserTests,
  testDir: 'src/screens',
  snapshotPathTemplate: 'src/screens/recorded/{arg}{ext}',
  use: {
    ...browserTests.use,
    launchOptions: {
      ...browserTests.use?.launchOptions,
      // Text and edges are drawn alike each time: by one thread, whole, without hints or colours of the screen.
      args: [
        ...CHROMIUM_ARGUMENTS,
        '--disable-lcd-text',
        '--disable-partial-raster',
        '--font-render-hinting=none',
        '--force-color-profile=srgb',
        '--num-raster-threads=1',
      ],
    },
  },
});
