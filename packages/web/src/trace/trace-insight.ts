/**
 * What the analysis of a trace says to the screen, over the index of the span: typed arrays and plain objects, so that a worker can
 * compute it and hand it over. Times are moved back to the clocks of the senders, in which the bars are drawn.
 */
import { analyzeTrace } from '@clew/model';
import type { Finding, TraceAnalysis, TraceColumns } from '@clew/model';

/** The critical path, span by span. */
export interface PathStretches {
  /** 1 for the spans on the path, also those that only wait for others. */
  readonly isOnPath: Uint8Array;
  readonly spanCount: number;
  /** The stretches of span `i` that are its own are at `firsts[i]` up to `firsts[i + 1]`, ordered by time. */
  readonly firsts: Uint32Array;
  readonly startsNs: Float64Array;
  readonly endsNs: Float64Array;
  /** From where to where the path runs through a span and what is below it; nothing else of the trace is in between. */
  readonly fromsNs: Float64Array;
  readonly tosNs: Float64Array;
  /** How much of the path is a span's own. */
  readonly ownNs: Float64Array;
}

export interface TraceInsight {
  /** The span whose duration all of this is about; -1 in a trace without spans. */
  readonly root: number;
  readonly rootDurationNs: number;
  readonly path: PathStretches;
  /** How much longer a span may take before the root does; `Infinity` for what the root does not wait for. */
  readonly slacksNs: Float64Array;
  /** How much less the root would take if the span took no time. */
  readonly dragsNs: Float64Array;
  readonly findings: readonly Finding[];
}

/** Analyses a trace for the screen. A second or so for a million spans. */
export function gainInsight(columns: TraceColumns): TraceInsight {
  const analysis = analyzeTrace(columns);
  const { root, rootDurationNs, slacksNs, dragsNs, findings } = analysis;
  return { root, rootDurationNs, path: stretchPath(analysis), slacksNs, dragsNs, findings };
}

function stretchPath({ criticalPath, dependencies, pathTimesNs }: TraceAnalysis): PathStretches {
  const { segmentCount, spans, isOnPath } = criticalPath;
  const { skewsNs, windowStartsNs, windowEndsNs } = dependencies;
  const firsts = countBefore(criticalPath.spans, isOnPath.length);
  const nexts = firsts.slice();
  const startsNs = new Float64Array(segmentCount);
  const endsNs = new Float64Array(segmentCount);
  for (let segment = 0; segment < segmentCount; segment++) {
    const span = spans[segment] ?? 0;
    const at = nexts[span] ?? 0;
    nexts[span] = at + 1;
    const skewNs = skewsNs[span] ?? 0;
    startsNs[at] = (criticalPath.fromsNs[segment] ?? 0) - skewNs;
    endsNs[at] = (criticalPath.tosNs[segment] ?? 0) - skewNs;
  }
  return {
    isOnPath,
    spanCount: isOnPath.reduce((sum, one) => sum + one, 0),
    firsts,
    startsNs,
    endsNs,
    fromsNs: windowStartsNs.map((ns, span) => ns - (skewsNs[span] ?? 0)),
    tosNs: windowEndsNs.map((ns, span) => ns - (skewsNs[span] ?? 0)),
    ownNs: pathTimesNs,
  };
}

/** Where the entries of each of `count` numbers begin, once they are put in order. */
function countBefore(numbers: Uint32Array, count: number): Uint32Array {
  const firsts = new Uint32Array(count + 1);
  for (const number of numbers) firsts[number + 1] = (firsts[number + 1] ?? 0) + 1;
  for (let at = 0; at < count; at++) firsts[at + 1] = (firsts[at + 1] ?? 0) + (firsts[at] ?? 0);
  return firsts;
}
