import { analyzeTrace } from '@clew/model';
import type { TraceColumns } from '@clew/model';
import {
  createChain,
  createFan,
  createServiceTrace,
} from '../../packages/model/src/testing/large-trace.ts';
import { formatTable, keepResult } from './keep-result.ts';

export interface AnalysisBenchOptions {
  /** Of which the median counts. */
  readonly repeat: number;
}

interface Case {
  readonly name: string;
  readonly create: () => TraceColumns;
}

const CASES: readonly Case[] = [
  { name: '1,000 spans of services', create: () => createServiceTrace(1000) },
  { name: '100,000 spans of services', create: () => createServiceTrace(100_000) },
  { name: '1,000,000 spans of services', create: () => createServiceTrace(1_000_000) },
  { name: 'a chain of 50,000', create: () => createChain(50_000) },
  { name: 'a parent of 100,000', create: () => createFan(100_000) },
];

/** How long the analysis of one trace takes from its columns: at first, as a page does it, and when the code is warm. */
export function benchAnalysis({ repeat }: AnalysisBenchOptions): void {
  const results = CASES.map(({ name, create }) => {
    const columns = create();
    const timesMs = Array.from({ length: repeat }, () => timeAnalysis(columns));
    const sorted = timesMs.toSorted((a, b) => a - b);
    return {
      name,
      firstMs: timesMs[0] ?? 0,
      medianMs: sorted[Math.floor(sorted.length / 2)] ?? 0,
      findingCount: analyzeTrace(columns).findings.length,
    };
  });
  const rows = results.map(({ name, firstMs, medianMs, findingCount }) => [
    name,
    firstMs.toFixed(0),
    medianMs.toFixed(1),
    String(findingCount),
  ]);
  console.log(formatTable(['trace', 'first, ms', 'median, ms', 'findings'], rows));
  console.log(`\nkept in ${keepResult('analysis', { options: { repeat }, results })}`);
}

function timeAnalysis(columns: TraceColumns): number {
  const before = performance.now();
  analyzeTrace(columns);
  return performance.now() - before;
}
