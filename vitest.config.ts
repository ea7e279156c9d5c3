import { defineConfig } from 'vitest/config';

const conditions = ['@clew/source'];

/** Unit tests run in threads; tests that open the engine need a process each (one data directory per process). */
export default defineConfig({
  test: {
    // By default one of two processors is left idle, and much of the time of tests is waiting.
    maxWorkers: 2,
    projects: [
      {
        resolve: { conditions },
        ssr: { resolve: { conditions } },
        test: {
          name: 'unit',
          testTimeout: 30_000,
          include: [
            'packages/*/src/**/*.test.{ts,tsx}',
            'scripts/**/*.test.ts',
            'demo/src/**/*.test.ts',
            'bench/src/**/*.test.ts',
          ],
          exclude: ['**/*.integration.test.ts', '**/node_modules/**', '**/dist/**'],
        },
      },
      {
        resolve: { conditions },
        ssr: { resolve: { conditions } },
        test: {
          name: 'integration',
          include: ['{packages/*/src,demo/src,e2e/src}/**/*.integration.test.ts'],
          pool: 'forks',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
