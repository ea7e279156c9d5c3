import type { TraceColumns } from '../trace-columns.ts';
import { DEFAULT_ANALYSIS_OPTIONS } from './analysis-options.ts';
import type { AnalysisOptions } from './analysis-options.ts';
import { findInTrace } from './findings/find-in-trace.ts';
import type { Finding } from './findings/finding.ts';
import { timeTrace } from './trace-timing.ts';
import type { TraceTiming } from './trace-timing.ts';

export interface TraceAnalysis extends TraceTiming {
  /** What is to be found in the trace: an error first, then what costs the root most. */
  readonly findings: readonly Finding[];
}

export interface AnalysisInput {
  readonly options?: Partial<AnalysisOptions>;
}

/** One trace, understood: where its time went, what each span matters to it, and what is to be found in it. */
export function analyzeTrace(
  columns: TraceColumns,
  { options: changes }: AnalysisInput = {},
): TraceAnalysis {
  const options = { ...DEFAULT_ANALYSIS_OPTIONS, ...changes };
  const timing = timeTrace(columns, options);
  const findings = findInTrace({ columns, timing, options });
  return { ...timing, findings };
}
