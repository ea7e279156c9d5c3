import type { TraceId } from '@clew/model';
import type { StoredExtent } from './plan/trace-spans.ts';

/** A trace of no more spans is read with one statement, and so are several. */
export const ROWS_AT_ONCE = 4096;

/** Traces that are read with one statement; a large one is by itself. */
export function* groupExtents(
  traceIds: readonly TraceId[],
  extents: ReadonlyMap<TraceId, StoredExtent>,
): Generator<ReadonlyMap<TraceId, StoredExtent>> {
  let group = new Map<TraceId, StoredExtent>();
  let rowCount = 0;
  for (const traceId of new Set(traceIds)) {
    const extent = extents.get(traceId);
    if (extent === undefined) continue;
    if (group.size > 0 && rowCount + extent.rowCount > ROWS_AT_ONCE) {
      yield group;
      group = new Map();
      rowCount = 0;
    }
    group.set(traceId, extent);
    rowCount += extent.rowCount;
  }
  if (group.size > 0) yield group;
}
