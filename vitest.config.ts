import { defineConfig } from 'vitest/config';

const conditions = ['@clew/source'];
const resolution = { resolve: { conditions }, ssr: { resolve: { conditions } } };

/** The SDK changes what belongs to the whole process: globals, listeners of signals, prototypes. */
const SDK = 'packages/sdk/src/**/*.test.ts';
const EXCLUDED = ['**/*.integration.test.ts', '**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    // By default one of two processors is left idle, and much of the time of tests is waiting.
    maxWorkers: 2,
    projects: [
      {
        ...resolution,
        test: {
          name: 'unit',
          testTimeout: 30_000,
          // A thread loads a module once for all files: half of the time went into loading the same ones for each.
          pool: 'threads',
          isolate: false,
          include: [
            'packages/*/src/**/*.test.{ts,tsx}',
            'scripts/**/*.test.ts',
            'demo/src/**/*.test.ts',
            'bench/src/**/*.test.ts',
          ],
          exclude: [...EXCLUDED, SDK],
        },
      },
      {
        ...resolution,
        test: { name: 'sdk', testTimeout: 30_000, include: [SDK], exclude: EXCLUDED },
      },
      {
        ...resolution,
        test: {
          name: 'integration',
          include: ['{packages/*/src,demo/src,e2e/src}/**/*.integration.test.ts'],
          // The engine has one data directory in a process.
          pool: 'forks',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
