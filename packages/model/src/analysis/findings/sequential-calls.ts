import { lengthOf } from '../dependencies.ts';
import { CLIENT, FAILED, PRODUCER } from '../span-relations.ts';
import type { FindingContext, RepeatedCalls, SequentialCalls } from './finding.ts';
import { addUpLengths, saveCalls } from './worthwhile-saving.ts';

/** Words of operations whose order matters: they write, or come before what uses them. */
const ORDERED = new Set(
  `insert update upsert delete replace merge create drop alter truncate begin start commit rollback savepoint
  set hset mset setex setnx del incr decr expire lpush rpush lpop rpop sadd srem zadd zrem xadd publish send
  post put patch write save store add remove place charge pay book reserve order ship cancel notify
  connect lookup login authenticate authorize auth token lock unlock`.split(/\s+/),
);

/**
 * Calls under one span that follow each other without work between them. From one trace it cannot be seen whether one needs what
 * another answered, so calls that write, or that failed, are left out, those after which the parent
 * works, and those that are told as N+1. Messages answer nothing, so none needs another's answer; but what is sent may be what a call
 * answered, so calls and messages are not told as one.
 */
export function findSequentialCalls(
  context: FindingContext,
  repeated: readonly RepeatedCalls[],
): readonly SequentialCalls[] {
  const isRepeated = new Set(repeated.flatMap(({ spans }) => spans));
  const runs = (parent: number): readonly (readonly number[])[] =>
    listRuns(context, parent, isRepeated).filter((spans) => spans.length > 1);
  return saveCalls(context, runs).map((calls): SequentialCalls => {
    const lengths = addUpLengths(context, calls.spans);
    return { kind: 'sequential-calls', ...calls, ...lengths };
  });
}

/** Calls on the critical path of which each waits for the one before it. */
function listRuns(
  context: FindingContext,
  parent: number,
  isRepeated: ReadonlySet<number>,
): readonly (readonly number[])[] {
  const { firsts, awaited, awaitedCounts, waitCounts } = context.timing.dependencies;
  const { isOnPath } = context.timing.criticalPath;
  const from = firsts[parent] ?? 0;
  const runs: number[][] = [];
  let run: number[] = [];
  for (const child of awaited.subarray(from, from + (awaitedCounts[parent] ?? 0))) {
    if (isOnPath[child] !== 1) continue;
    const before = awaited[from + (waitCounts[child] ?? 0) - 1];
    const last = run.at(-1);
    if (isRepeated.has(child) || !isIndependent(context, child)) run = [];
    else if (last !== undefined && last === before && areAlike(context, last, child))
      run.push(child);
    else runs.push((run = [child]));
  }
  return runs;
}

/** A message, or a call that only reads. */
function isIndependent({ columns, timing }: FindingContext, span: number): boolean {
  const { kinds, statuses, nameIndexes, names } = columns;
  if (statuses[span] === FAILED || lengthOf(timing.dependencies, span) === 0) return false;
  if (kinds[span] !== CLIENT) return kinds[span] === PRODUCER;
  const words = (names[nameIndexes[span] ?? 0] ?? '').split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/);
  return !words.some((word) => ORDERED.has(word.toLowerCase()));
}

/** Both calls or both messages, with nothing to speak of between. */
function areAlike({ columns, timing, options }: FindingContext, a: number, b: number): boolean {
  const { dependencies } = timing;
  if (columns.kinds[a] !== columns.kinds[b]) return false;
  const shorterNs = Math.min(lengthOf(dependencies, a), lengthOf(dependencies, b));
  return (dependencies.gapsNs[b] ?? 0) <= options.maxSequentialGapShare * shorterNs;
}
