import { CLIENT, PRODUCER } from '../span-relations.ts';
import { retimeTrace } from '../retime.ts';
import { listEvidence } from './evidence.ts';
import type { FindingContext, RepeatedCalls, Retries, SlowDependency } from './finding.ts';
import { isWorthwhile } from './worthwhile-saving.ts';

interface Work {
  readonly service: number;
  readonly name: number;
  pathNs: number;
  readonly spans: number[];
}

/** Findings that explain work by another fault than slowness. */
export interface KnownFaults {
  readonly repeated: readonly RepeatedCalls[];
  readonly retries: readonly Retries[];
}

/**
 * Services other than the root's, operations of what sends no spans, and what the root's service does in spans of its own below the
 * root, by their own work on the critical path. Calls that are N+1 are no evidence for a slow dependency, for each may be fast; nor are
 * failed attempts and the pauses behind them. The saving is what remains if the work took no time at all.
 */
export function findSlowDependencies(
  context: FindingContext,
  faults: KnownFaults,
): readonly SlowDependency[] {
  const { timing, options } = context;
  const keys = keyDependencies(context);
  const enoughNs = options.minDependencyShare * timing.rootDurationNs;
  const explainedNs = explainWork(context, faults);
  return [...addUpWork(context, keys)]
    .filter(([, { pathNs }]) => pathNs > 0 && pathNs >= enoughNs)
    .filter(([, { pathNs, spans }]) => {
      const knownNs = spans.reduce((sum, span) => sum + (explainedNs[span] ?? 0), 0);
      return knownNs <= pathNs / 2;
    })
    .map(([key, { service, name, pathNs, spans }]) => {
      const { pathTimesNs } = timing;
      spans.sort((a, b) => (pathTimesNs[b] ?? 0) - (pathTimesNs[a] ?? 0) || a - b);
      const evidence = listEvidence(context, spans, saveWork(context, keys, key));
      return { kind: 'slow-dependency' as const, ...evidence, service, name, pathNs };
    })
    .filter(({ savingNs }) => isWorthwhile(context, savingNs));
}

const NO_DEPENDENCY = -1;

/**
 * What each span is the work of: a service, or an operation that a service calls, or that the root's does itself. What a sender
 * takes is how long the broker does, which sends no spans: the consumer below is not waited for.
 */
function keyDependencies({ columns, timing }: FindingContext): Float64Array {
  const { kinds, serviceIndexes, nameIndexes, services, names } = columns;
  const { firsts, awaitedCounts } = timing.dependencies;
  const ownService = serviceIndexes[timing.root];
  const keys = new Float64Array(columns.spanCount).fill(NO_DEPENDENCY);
  for (let span = 0; span < columns.spanCount; span++) {
    const service = serviceIndexes[span] ?? 0;
    const hasChildren = firsts[span] !== firsts[span + 1];
    const isSending = kinds[span] === PRODUCER && awaitedCounts[span] === 0;
    const isUnseen = (kinds[span] === CLIENT && !hasChildren) || isSending;
    const isCall = kinds[span] === CLIENT || kinds[span] === PRODUCER;
    const isOwn = service === ownService && span !== timing.root && !isCall;
    if (isUnseen || isOwn)
      keys[span] = services.length + service * names.length + (nameIndexes[span] ?? 0);
    else if (service !== ownService) keys[span] = service;
  }
  return keys;
}

function addUpWork({ columns, timing }: FindingContext, keys: Float64Array): Map<number, Work> {
  const { services, serviceIndexes, nameIndexes } = columns;
  const works = new Map<number, Work>();
  for (let span = 0; span < keys.length; span++) {
    const key = keys[span] ?? NO_DEPENDENCY;
    const pathNs = timing.pathTimesNs[span] ?? 0;
    if (key === NO_DEPENDENCY || pathNs === 0) continue;
    let work = works.get(key);
    if (work === undefined) {
      const name = key < services.length ? -1 : (nameIndexes[span] ?? 0);
      work = { service: serviceIndexes[span] ?? 0, name, pathNs: 0, spans: [] };
      works.set(key, work);
    }
    work.pathNs += pathNs;
    work.spans.push(span);
  }
  return works;
}

function saveWork({ timing }: FindingContext, keys: Float64Array, key: number): number {
  const { dependencies, root, rootDurationNs } = timing;
  const { parents } = dependencies.tree;
  const gapsNs = dependencies.gapsNs.map((ns, span) =>
    keys[parents[span] ?? -1] === key ? 0 : ns,
  );
  const tailsNs = dependencies.tailsNs.map((ns, span) => (keys[span] === key ? 0 : ns));
  return rootDurationNs - retimeTrace(dependencies, root, { gapsNs, tailsNs });
}

/** How much of each span's own work on the path other findings are about. */
function explainWork({ timing }: FindingContext, { repeated, retries }: KnownFaults): Float64Array {
  const { order, parents } = timing.dependencies.tree;
  const explainedNs = new Float64Array(order.length);
  const isBelow = new Uint8Array(order.length);
  for (const { spans } of repeated) for (const span of spans) isBelow[span] = 1;
  for (const { spans } of retries) for (const span of spans.slice(0, -1)) isBelow[span] = 1;
  for (const { parent, pausesNs } of retries)
    explainedNs[parent] = (explainedNs[parent] ?? 0) + pausesNs;
  for (const span of order) {
    if (isBelow[parents[span] ?? -1] === 1) isBelow[span] = 1;
    if (isBelow[span] === 1) explainedNs[span] = timing.pathTimesNs[span] ?? 0;
  }
  return explainedNs;
}
