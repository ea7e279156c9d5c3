import { ASYNCHRONOUS, AWAITED, CLIENT, SERVER } from '../span-relations.ts';
import { retimeTrace } from '../retime.ts';
import { listEvidence } from './evidence.ts';
import type { FindingContext, WaitingCalls, WaitingMessages } from './finding.ts';
import { isWorthwhile } from './worthwhile-saving.ts';

/** Each is timed anew, which goes through the whole trace: of services those that wait longest. */
const MAX_RETIMED_SERVICES = 5;

interface Waits {
  readonly service: number;
  readonly servers: number[];
  waitedNs: number;
  /** Longer than back. */
  excessNs: number;
}

/** Time between the start of a call and that of its server, by the server's service. */
export function findWaitingCalls(context: FindingContext): readonly WaitingCalls[] {
  const { dependencies, root, rootDurationNs } = context.timing;
  const waits = [...collectWaits(context).values()]
    .filter(({ excessNs }) => isTold(context, excessNs))
    .sort((a, b) => b.excessNs - a.excessNs)
    .slice(0, MAX_RETIMED_SERVICES);
  return waits
    .map(({ service, servers, waitedNs }): WaitingCalls => {
      const gapsNs = dependencies.gapsNs.slice();
      for (const server of servers)
        gapsNs[server] = (gapsNs[server] ?? 0) - excessOf(context, server);
      const savingNs = rootDurationNs - retimeTrace(dependencies, root, { gapsNs });
      const evidence = listEvidence(context, servers, savingNs);
      return { kind: 'waiting-calls', ...evidence, service, waitedNs };
    })
    .filter(({ savingNs }) => isWorthwhile(context, savingNs));
}

/** Less than the way that clocks are read is off by says nothing, however short the trace is. */
function isTold(context: FindingContext, excessNs: number): boolean {
  return excessNs > context.options.jitterNs && isWorthwhile(context, excessNs);
}

function collectWaits(context: FindingContext): ReadonlyMap<number, Waits> {
  const { columns, timing } = context;
  const { firsts, awaited, awaitedCounts, relations, gapsNs } = timing.dependencies;
  const { isOnPath } = timing.criticalPath;
  const waitsByService = new Map<number, Waits>();
  for (let call = 0; call < columns.spanCount; call++) {
    if (isOnPath[call] !== 1 || columns.kinds[call] !== CLIENT || awaitedCounts[call] !== 1)
      continue;
    const server = awaited[firsts[call] ?? 0] ?? 0;
    const excessNs = excessOf(context, server);
    if (columns.kinds[server] !== SERVER || relations[server] !== AWAITED || excessNs <= 0)
      continue;
    const service = columns.serviceIndexes[server] ?? 0;
    let waits = waitsByService.get(service);
    if (waits === undefined)
      waitsByService.set(service, (waits = { service, servers: [], waitedNs: 0, excessNs: 0 }));
    waits.servers.push(server);
    waits.waitedNs += gapsNs[server] ?? 0;
    waits.excessNs += excessNs;
  }
  return waitsByService;
}

/** How much longer the only child of a call took to begin than its end is from the call's. */
function excessOf({ timing }: FindingContext, server: number): number {
  const { tree, gapsNs, tailsNs } = timing.dependencies;
  return (gapsNs[server] ?? 0) - (tailsNs[tree.parents[server] ?? -1] ?? 0);
}

/** Time between the end of a producer and the start of its consumer, by the consumer's service. */
export function findWaitingMessages(context: FindingContext): readonly WaitingMessages[] {
  const { columns, timing, options } = context;
  const { tree, relations, startsNs, endsNs } = timing.dependencies;
  const enoughNs = Math.max(
    options.minSavingNs,
    options.minMessageWaitShare * durationOf(startsNs, endsNs),
  );
  const consumersByService = new Map<number, number[]>();
  const waitOf = (consumer: number): number =>
    (startsNs[consumer] ?? 0) - (endsNs[tree.parents[consumer] ?? -1] ?? 0);
  for (let span = 0; span < columns.spanCount; span++) {
    if (relations[span] !== ASYNCHRONOUS || waitOf(span) <= 0 || waitOf(span) < enoughNs) continue;
    const service = columns.serviceIndexes[span] ?? 0;
    const consumers = consumersByService.get(service);
    if (consumers === undefined) consumersByService.set(service, [span]);
    else consumers.push(span);
  }
  return [...consumersByService].map(([service, consumers]) => ({
    kind: 'waiting-messages',
    ...listEvidence(context, consumers),
    service,
    longestNs: consumers.reduce((longest, span) => Math.max(longest, waitOf(span)), 0),
  }));
}

function durationOf(startsNs: Float64Array, endsNs: Float64Array): number {
  let firstNs = Infinity;
  let lastNs = -Infinity;
  for (const ns of startsNs) firstNs = Math.min(firstNs, ns);
  for (const ns of endsNs) lastNs = Math.max(lastNs, ns);
  return lastNs - firstNs;
}
