/** All that the comparison of two traces shows, computed once, as typed arrays: in a worker where the traces are large. */
import { compareColumns, growTraceTree } from '@clew/model';
import type { DiffColumns, TraceComparison } from '@clew/model';
import { alignSpans } from './align-spans.ts';
import type { AlignedSpans } from './align-spans.ts';

export interface ComparedTraces extends TraceComparison {
  readonly spans: AlignedSpans;
  /** The numbers of the groups, parents before children, in the order in which they first came. */
  readonly pathOrder: Uint32Array;
}

export function compareTraces(base: DiffColumns, other: DiffColumns): ComparedTraces {
  const comparison = compareColumns(base, other);
  return {
    ...comparison,
    spans: alignSpans(comparison),
    pathOrder: growTraceTree(comparison.groups.parents).order,
  };
}

/** As much of a trace as is sent to a worker. */
export function pickDiffColumns(columns: DiffColumns): DiffColumns {
  const { spanCount, parents, startsNs, durationsNs } = columns;
  const { serviceIndexes, services, nameIndexes, names, kinds, statuses } = columns;
  return {
    spanCount,
    parents,
    startsNs,
    durationsNs,
    serviceIndexes,
    services,
    nameIndexes,
    names,
    kinds,
    statuses,
  };
}
