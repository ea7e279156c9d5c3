/**
 * Which spans the duration of a trace hangs on, and how much each of them matters, in typed arrays over the index of the span. No
 * recursion and nothing made for a span, so that it runs in a worker of a browser.
 *
 * The root is that with the longest duration; a span whose parent is not in the trace counts as one only where there is no
 * other. What other roots spent is not in the root's time.
 */
import { MISSING_PARENT } from '../span-parents.ts';
import type { TraceColumns } from '../trace-columns.ts';
import type { AnalysisOptions } from './analysis-options.ts';
import { addUpPathTimes, findCriticalPath } from './critical-path.ts';
import type { CriticalPath } from './critical-path.ts';
import { findDependencies, lengthOf } from './dependencies.ts';
import type { Dependencies } from './dependencies.ts';
import { computeParallelism } from './parallelism.ts';
import { computeSpanSlack } from './span-slack.ts';
import type { SpanSlack } from './span-slack.ts';

/** Of one root. Times are nanoseconds since the trace's start, of corrected clocks. */
export interface RootTiming extends SpanSlack {
  /** -1 where there is no span. */
  readonly root: number;
  readonly rootDurationNs: number;
  readonly criticalPath: CriticalPath;
  /** The part of the path that is a span's own. */
  readonly pathTimesNs: Float64Array;
}

/** With respect to the main root. */
export interface TraceTiming extends RootTiming {
  readonly dependencies: Dependencies;
  /** How many spans work at once under each span on average. */
  readonly parallelism: Float64Array;
}

export function timeTrace(columns: TraceColumns, options: AnalysisOptions): TraceTiming {
  const dependencies = findDependencies(columns, options);
  return {
    dependencies,
    ...timeRoot(dependencies, findMainRoot(columns)),
    parallelism: computeParallelism(dependencies),
  };
}

/** Any span can be the root: of what no other waits for, too. */
export function timeRoot(dependencies: Dependencies, root: number): RootTiming {
  const criticalPath = findCriticalPath(dependencies, root);
  return {
    root,
    rootDurationNs: root < 0 ? 0 : lengthOf(dependencies, root),
    criticalPath,
    pathTimesNs: addUpPathTimes(criticalPath),
    ...computeSpanSlack(dependencies, criticalPath),
  };
}

function findMainRoot({ parents, durationsNs, spanCount }: TraceColumns): number {
  let best = -1;
  for (let index = 0; index < spanCount; index++) {
    const parent = parents[index] ?? 0;
    if (parent >= 0) continue;
    const isOrphan = parent === MISSING_PARENT;
    const isBestOrphan = parents[best] === MISSING_PARENT;
    const isLonger = (durationsNs[index] ?? 0) > (durationsNs[best] ?? 0);
    if (best === -1 || (isOrphan === isBestOrphan ? isLonger : isBestOrphan)) best = index;
  }
  return best;
}
