import { ASYNCHRONOUS, FAILED, PRODUCER, SERVER, closingOf } from '../span-relations.ts';
import { listEvidence } from './evidence.ts';
import type { AbandonedWork, CancelledWork, FindingContext } from './finding.ts';

/**
 * What went on after its caller had failed, or was cancelled. Of a server, it took longer than the whole call, which no clock can feign, or it ended
 * later than clocks can be off. A failure is read before the server has closed its span, so one that did nothing in the time after is told
 * of only where it took much longer. Of what shares its caller's clock, such as the calls that run beside one that failed, its end says it. What
 * outlasts a caller that ended well was not abandoned: it was meant to go on. What was only closed late, which is waited for, is no such work.
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
  const { kinds, statuses, cancelled, serviceIndexes } = columns;
  const { tree, endsNs, relations } = timing.dependencies;
  const caller = tree.parents[span] ?? -1;
  const hasGivenUp = statuses[caller] === FAILED || cancelled[caller] === 1;
  if (!hasGivenUp || kinds[caller] === PRODUCER || relations[span] === ASYNCHRONOUS) return false;
  const laterNs = (endsNs[span] ?? 0) - (endsNs[caller] ?? 0);
  if (laterNs <= 0) return false;
  if (kinds[span] === SERVER) return isAbandonedServer(context, { span, caller, laterNs });
  if (serviceIndexes[span] !== serviceIndexes[caller]) return false;
  return laterNs > closingOf(options, columns.durationsNs[span] ?? 0);
}

interface LateServer {
  readonly span: number;
  readonly caller: number;
  /** From the caller's end to its own. */
  readonly laterNs: number;
}

function isAbandonedServer(
  context: FindingContext,
  { span, caller, laterNs }: LateServer,
): boolean {
  const { columns, timing, options } = context;
  const { durationsNs } = columns;
  const longerNs = (durationsNs[span] ?? 0) - (durationsNs[caller] ?? 0);
  if (laterNs >= options.maxClockSkewNs || longerNs > options.maxClosingNs) return true;
  const callerEndNs = timing.dependencies.endsNs[caller] ?? 0;
  return longerNs > options.jitterNs && worksAfter(context, span, callerEndNs);
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
  const { columns, timing } = context;
  const { cancelled } = columns;
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
