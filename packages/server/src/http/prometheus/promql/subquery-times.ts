/** At which moments the expression of a subquery is looked at. */
import { LimitError } from '@clew/model';
import type { FixedTime, Subquery } from './syntax-tree.ts';

/** The moments of the expression, and which of them each step's window has: from the first to before the last. */
export interface SubqueryTimes {
  readonly timesMs: readonly number[];
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** The time that a query is asked about. */
export interface QueryRange {
  readonly startMs: number;
  readonly endMs: number;
}

/** As many as a query may have itself. */
const MAX_MOMENTS = 11_000;

export function rangeOf(timesMs: readonly number[]): QueryRange {
  return { startMs: timesMs[0] ?? 0, endMs: timesMs.at(-1) ?? 0 };
}

export function fixedTimes(
  timesMs: readonly number[],
  at: FixedTime,
  { startMs, endMs }: QueryRange,
): readonly number[] {
  const time = at === 'start' ? startMs : at === 'end' ? endMs : at.timeMs;
  return timesMs.map(() => time);
}

/**
 * Multiples of its step; a window's end is part of it, its start is not. Throws `LimitError` when there are more than 11,000 of them.
 */
export function subqueryTimes(
  { rangeMs, stepMs, offsetMs, at }: Subquery,
  timesMs: readonly number[],
  range: QueryRange,
): SubqueryTimes {
  const ends = at === undefined ? timesMs : fixedTimes(timesMs, at, range);
  const lasts = ends.map((end) => Math.floor((end - offsetMs) / stepMs));
  const befores = ends.map((end) => Math.floor((end - offsetMs - rangeMs) / stepMs));
  const indexes = new Map<number, number>();
  for (const [i, last] of lasts.entries()) {
    for (let multiple = (befores[i] ?? last) + 1; multiple <= last; multiple++) {
      if (indexes.has(multiple)) continue;
      indexes.set(multiple, indexes.size);
      if (indexes.size > MAX_MOMENTS) throw tooMany(indexes.size);
    }
  }
  return {
    timesMs: [...indexes.keys()].map((multiple) => multiple * stepMs),
    // Both are 0 where no multiple lies in the window.
    from: befores.map((before, i) => (before === lasts[i] ? 0 : (indexes.get(before + 1) ?? 0))),
    to: lasts.map((last, i) => (befores[i] === last ? 0 : (indexes.get(last) ?? -1) + 1)),
  };
}

function tooMany(actual: number): LimitError {
  return new LimitError(
    `a subquery has more than ${MAX_MOMENTS} moments: ask with a longer step or for a shorter time`,
    { limit: MAX_MOMENTS, actual },
  );
}
