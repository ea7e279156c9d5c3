import { describe, expect, test } from 'vitest';
import { orderTrace, shopTrace, toColumns } from '../../../testing/trace-fixtures.ts';
import { isSmallJob, runJob } from './run-job.ts';
import { buffersOf } from '../../../base/buffers-of.ts';
import { GRAPH_NODES, pickCallGraphQuestion } from '../../../trace/graph/build-call-graph.ts';
import { GROUPINGS } from '../../../trace/groups/group-spans.ts';
import { pickGroupQuestion } from '../../../trace/groups/tabulate-groups.ts';
import { doJob } from './worker-jobs.ts';
import type { JobInput, JobName, JobResult } from './worker-jobs.ts';

describe('what a worker is asked', () => {
  test('has all that the answer is made of', () => {
    const view = doJob('view', toColumns(shopTrace({ spanCount: 500 })));
    for (const by of GROUPINGS) {
      const question = pickGroupQuestion(view, by);
      expect(doJob('groups', structuredClone(question))).toEqual(doJob('groups', { ...view, by }));
    }
    for (const wanted of GRAPH_NODES) {
      const question = pickCallGraphQuestion(view, wanted);
      expect(doJob('graph', structuredClone(question))).toEqual(
        doJob('graph', { ...view, wanted }),
      );
    }
  });
});

describe('what a worker computes', () => {
  test('can be handed over whole: it is the same on the other side, and nothing of it stays here', () => {
    const columns = () => toColumns(orderTrace({ isFailed: true }));
    const view = doJob('view', columns());
    const inputs: { readonly [Name in JobName]: () => JobInput<Name> } = {
      view: columns,
      sentView: columns,
      insight: columns,
      groups: () => structuredClone(pickGroupQuestion(view, 'service')),
      graph: () => structuredClone(pickCallGraphQuestion(view, 'operation')),
    };
    for (const job of Object.keys(inputs) as JobName[]) {
      const result: JobResult<JobName> = doJob(job, inputs[job]());
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
    const { findings } = await runJob('insight', columns);
    expect(findings).toEqual(doJob('insight', columns).findings);
  });

  test('is not begun for somebody who is gone', async () => {
    const gone = AbortSignal.abort(new Error('gone'));
    const columns = toColumns(orderTrace());
    await expect(runJob('view', columns, { signal: gone })).rejects.toThrow('gone');
  });
});
