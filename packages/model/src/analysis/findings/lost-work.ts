import { FAILED, PRODUCER, SERVER } from '../span-relations.ts';
import { listEvidence } from './evidence.ts';
import type { AbandonedWork, CancelledWork, FindingContext } from './finding.ts';

/**
 * Servers that went on after the call had failed. Either they took longer than the whole call, which no clock can feign, or they ended
 * later than clocks can be off.
 */
export function findAbandonedWork(context: FindingContext): readonly AbandonedWork[] {
  const { startsNs, endsNs, tree } = context.timing.dependencies;
  const servers: number[] = [];
  let afterNs = 0;
  for (let span = 0; span < startsNs.length; span++) {
    if (!isAbandoned(context, span)) continue;
    const endNs = endsNs[span] ?? 0;
    const callEndNs = endsNs[tree.parents[span] ?? -1] ?? 0;
    servers.push(span);
    afterNs += endNs - Math.max(callEndNs, startsNs[span] ?? 0);
  }
  if (servers.length === 0) return [];
  return [{ kind: 'abandoned-work', ...listEvidence(context, servers), afterNs }];
}

function isAbandoned({ columns, timing, options }: FindingContext, span: number): boolean {
  const { kinds, statuses, durationsNs } = columns;
  const { tree, endsNs } = timing.dependencies;
  const caller = tree.parents[span] ?? -1;
  if (kinds[span] !== SERVER || statuses[caller] !== FAILED || kinds[caller] === PRODUCER)
    return false;
  const laterNs = (endsNs[span] ?? 0) - (endsNs[caller] ?? 0);
  const longerNs = (durationsNs[span] ?? 0) - (durationsNs[caller] ?? 0);
  return laterNs > 0 && (longerNs > options.jitterNs || laterNs >= options.maxClockSkewNs);
}

/** The outermost spans that were cancelled: what they called was cancelled with them. */
export function findCancelledWork(context: FindingContext): readonly CancelledWork[] {
  const { columns, timing, cancelled } = context;
  if (cancelled === undefined) return [];
  const { parents } = timing.dependencies.tree;
  const spans: number[] = [];
  let lostNs = 0;
  for (let span = 0; span < columns.spanCount; span++) {
    if (cancelled[span] !== 1 || cancelled[parents[span] ?? -1] === 1) continue;
    spans.push(span);
    lostNs += columns.durationsNs[span] ?? 0;
  }
  if (spans.length === 0) return [];
  return [{ kind: 'cancelled-work', ...listEvidence(context, spans), lostNs }];
}
