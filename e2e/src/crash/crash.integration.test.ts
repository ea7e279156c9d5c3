import { expect, test } from 'vitest';
import { runCrashes } from './crash-run.ts';

/** The short form; `npm run test:crash` kills as often as it is told, at full load. */
test('what was acknowledged survives kill -9, once, and so does what is derived from it', async () => {
  const { report, checked, exitCode } = await runCrashes({
    kills: 3,
    maxLifeMs: 1500,
    spansPerRequest: 500,
    rate: 20_000,
    lingerMs: 0,
    from: 'sources',
    onProgress: () => undefined,
  });
  expect(checked.acknowledged).toBe(report.acknowledgedSpans);
  expect(checked.acknowledged).toBeGreaterThan(5000);
  expect(checked).toMatchObject({ lost: 0, doubled: 0, foreign: 0, dangling: 0 });
  // Edges are computed of minutes that have ended, and so short a run has none.
  const counted = checked.rollups.filter(({ table }) => table !== 'edges_1m');
  expect(counted.filter(({ rows }) => rows === 0)).toEqual([]);
  expect(checked.rollups.filter(({ differing }) => differing > 0)).toEqual([]);
  expect(checked.unknownTables).toEqual([]);
  expect(exitCode).toBe(0);
});
