import { describe, expect, test } from 'vitest';
import { orderTrace, shopTrace, toColumns } from '../../../testing/trace-fixtures.ts';
import { isSmallJob, runJob } from './run-job.ts';
import { buffersOf } from '../../../base/buffers-of.ts';
import { JOBS } from './worker-jobs.ts';

describe('what a worker computes', () => {
  test('can be handed over whole: it is the same on the other side, and nothing of it stays here', () => {
    for (const job of ['view', 'insight'] as const) {
      const result = JOBS[job](toColumns(orderTrace({ isFailed: true })));
      const expected = structuredClone(result);
      const handedOver = structuredClone(result, { transfer: [...buffersOf(result)] });
      expect(handedOver).toEqual(expected);
      for (const buffer of buffersOf(expected)) expect(buffer.byteLength).toBeGreaterThan(0);
      for (const buffer of buffersOf(result)) expect(buffer.byteLength).toBe(0);
    }
  });

  test('is computed here where the trace is small, or there are no workers', async () => {
    const columns = toColumns(shopTrace({ spanCount: 500 }));
    expect(isSmallJob('insight', columns)).toBe(true);
    expect((await runJob('insight', columns)).findings).toEqual(JOBS.insight(columns).findings);
  });

  test('is not begun for somebody who is gone', async () => {
    const gone = AbortSignal.abort(new Error('gone'));
    const columns = toColumns(orderTrace());
    await expect(runJob('view', columns, { signal: gone })).rejects.toThrow('gone');
  });
});
