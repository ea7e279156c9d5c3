import { defineConfig } from '@playwright/test';
import browserTests from './playwright.config.ts';

/** Pictures of every page, apart from the tests of what pages do: see `src/screens/screens.ts`. */
export default defineConfig({
  ...browserTests,
  testDir: 'src/screens',
  snapshotPathTemplate: 'src/screens/recorded/{arg}{ext}',
});
