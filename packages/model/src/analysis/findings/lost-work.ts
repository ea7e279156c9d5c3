import { FAILED, PRODUCER, SERVER } from '../span-relations.ts';
import { listEvidence } from './evidence.ts';
import type { AbandonedWork, CancelledWork, FindingContext } from './finding.ts';

/**
 * Servers that went on after the call had failed. Either they took longer than the whole call, which no clock can feign, or they ended
 * later than clocks can be off. A failure is read before the server has closed its span, so one that did nothing in the time after is told
 * of only where it took much longer.
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

function isAbandoned(context: FindingContext, span: number): boolean {
  const { columns, timing, options } = context;
  const { kinds, statuses, durationsNs } = columns;
  const { tree, endsNs } = timing.dependencies;
  const caller = tree.parents[span] ?? -1;
  if (kinds[span] !== SERVER || statuses[caller] !== FAILED || kinds[caller] === PRODUCER)
    return false;
  const laterNs = (endsNs[span] ?? 0) - (endsNs[caller] ?? 0);
  const longerNs = (durationsNs[span] ?? 0) - (durationsNs[caller] ?? 0);
  if (laterNs <= 0) return false;
  if (laterNs >= options.maxClockSkewNs || longerNs > options.maxClosingNs) return true;
  return longerNs > options.jitterNs && worksAfter(context, span, endsNs[caller] ?? 0);
}

/** Whether something that the span called ran later. */
function worksAfter({ timing, options }: FindingContext, span: number, ns: number): boolean {
  const { firsts, children, endsNs } = timing.dependencies;
  for (let at = firsts[span] ?? 0; at < (firsts[span + 1] ?? 0); at++)
    if ((endsNs[children[at] ?? 0] ?? 0) > ns + options.jitterNs) return true;
  return false;
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
