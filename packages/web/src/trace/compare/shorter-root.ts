import { findTitleSpan } from '../trace-view.ts';
import type { TraceView } from '../trace-view.ts';

/** Of the trace: a root that ends with it, but for so much, is as long as it. */
const NOTABLE_SHARE = 0.01;

/** How long the operation took that the trace is named after, where the trace goes on notably longer: behind a queue, say. */
export function shorterRootNs(view: TraceView): number | undefined {
  const rootNs = view.durationsNs[findTitleSpan(view)] ?? 0;
  return view.durationNs - rootNs > view.durationNs * NOTABLE_SHARE ? rootNs : undefined;
}
