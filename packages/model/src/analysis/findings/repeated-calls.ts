import { AWAITED, CLIENT, CONSUMER, PRODUCER, SERVER } from '../span-relations.ts';
import { areAttempts, hasFailed, numberOperations } from './attempts.ts';
import type { FindingContext, RepeatedCalls, RepeatedWork } from './finding.ts';
import { groupSiblings } from './sibling-groups.ts';
import { addUpLengths, saveCalls } from './worthwhile-saving.ts';

/**
 * Siblings of the same operation, one after the other: N+1 where they call somebody or send messages, themselves or below, or where
 * their name is that of a query; else a loop of own work, which is told from `minRepeatedWork` on, for a short one is ordinary.
 * Where half of them failed it is the failures that are to be mended, and one call for all would have failed, too.
 */
export function findRepeatedCalls(context: FindingContext): readonly RepeatedCalls[] {
  const { minRepeatedCalls, minRepeatedWork, minFaultSavingNs } = context.options;
  const operations = numberOperations(context.columns);
  let works: readonly (RepeatedWork | undefined)[] | undefined;
  const workOf = (group: readonly number[]): RepeatedWork | undefined => {
    works ??= markWork(context);
    return works[group[0] ?? 0];
  };
  const isRepeated = (group: readonly number[]): boolean => {
    if (group.length < minRepeatedCalls || areAttempts(context, group)) return false;
    if (countFailed(context, group) * 2 >= group.length) return false;
    const work = workOf(group);
    const least = work === 'own' ? minRepeatedWork : minRepeatedCalls;
    return work !== undefined && group.length >= least && isSequential(context, group);
  };
  const groups = (parent: number): readonly (readonly number[])[] =>
    groupSiblings(context, parent, operations).filter(isRepeated);
  return saveCalls(context, groups, minFaultSavingNs).map((calls): RepeatedCalls => {
    const { totalNs } = addUpLengths(context, calls.spans);
    return { kind: 'repeated-calls', ...calls, work: workOf(calls.spans) ?? 'own', totalNs };
  });
}

function countFailed(context: FindingContext, group: readonly number[]): number {
  return group.filter((span) => hasFailed(context, span)).length;
}

/** By start. */
function isSequential(context: FindingContext, group: readonly number[]): boolean {
  const { windowStartsNs, windowEndsNs } = context.timing.dependencies;
  let coveredNs = 0;
  let untilNs = -Infinity;
  for (const span of group) {
    const endNs = windowEndsNs[span] ?? 0;
    coveredNs += Math.max(0, endNs - Math.max(untilNs, windowStartsNs[span] ?? 0));
    untilNs = Math.max(untilNs, endNs);
  }
  return coveredNs >= context.options.minSequentialShare * addUpLengths(context, group).totalNs;
}

/** What each span does, or what it waits for does; undefined for servers and consumers that call nobody, which somebody else calls. */
function markWork({ columns, timing }: FindingContext): readonly (RepeatedWork | undefined)[] {
  const { tree, relations } = timing.dependencies;
  const { kinds, names, nameIndexes } = columns;
  const areQueries = names.map((name) => QUERY.test(name));
  const works = Array.from<RepeatedWork | undefined>({ length: columns.spanCount });
  for (let row = columns.spanCount - 1; row >= 0; row--) {
    const span = tree.order[row] ?? 0;
    const kind = kinds[span];
    const isAsked = kind === SERVER || kind === CONSUMER;
    const isQuery = !isAsked && areQueries[nameIndexes[span] ?? 0] === true;
    if (kind === CLIENT || isQuery) works[span] = 'call';
    else if (kind === PRODUCER) works[span] = 'send';
    else if (!isAsked) works[span] ??= 'own';
    const parent = tree.parents[span] ?? -1;
    if (relations[span] === AWAITED) works[parent] = workAbove(works[parent], works[span]);
  }
  return works;
}

function workAbove(
  known: RepeatedWork | undefined,
  below: RepeatedWork | undefined,
): RepeatedWork | undefined {
  return known === 'call' || below === 'own' ? known : (below ?? known);
}

/**
 * Names of queries begin with what is done, in capitals (https://opentelemetry.io/docs/specs/semconv/db/database-spans/#name); some
 * drivers send them as internal spans.
 */
const QUERY = /^(?:SELECT|INSERT|UPDATE|DELETE|UPSERT|MERGE|REPLACE|CALL|EXECUTE)\b/;
