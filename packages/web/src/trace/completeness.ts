import type { TraceView } from './trace-view.ts';

/** What makes us think that spans of this trace are still on their way. */
export interface Completeness {
  /** Spans that name a parent which is not here. */
  readonly orphanCount: number;
  /** Parents that are named and not here: several orphans may name the same one. */
  readonly missingParentCount: number;
  /** No span without a parent is here. */
  readonly isRootMissing: boolean;
  /** Since the newest span ended; negative when a clock is ahead of ours. */
  readonly ageNs: number;
  /** The newest span ended within the last seconds, so its siblings may not have been sent. */
  readonly isRecent: boolean;
}

/** Exporters send every five seconds by default (`OTEL_BSP_SCHEDULE_DELAY`), so two rounds are enough. */
const RECENT_NS = 10e9;

export function assessCompleteness(view: TraceView, nowUnixMs: number): Completeness {
  const { orphans, roots } = view.tree;
  const nowNs = Number(BigInt(Math.round(nowUnixMs)) * 1_000_000n - view.startUnixNano);
  const ageNs = nowNs - view.durationNs;
  return {
    orphanCount: orphans.length,
    missingParentCount: view.columns.missingParentCount,
    isRootMissing: roots.length === orphans.length,
    ageNs,
    isRecent: Math.abs(ageNs) < RECENT_NS,
  };
}
