/**
 * What SQL can say of whether a condition holds for a row. Some of what a query asks is not in the columns: the elements of a
 * list, a span's parent, its events. So there are two answers: one of `alternatives` is true wherever the condition holds,
 * `certain` is true only where it does. Rows between the two are for the evaluator to decide; most conditions have none.
 *
 * Alternatives are kept apart because the engine's indexes do not work through an "or": each may be asked for by itself.
 */
import { Sql, all, any, sql } from '../../engine/sql.ts';

export interface Truth {
  readonly alternatives: readonly Sql[];
  readonly certain: Sql;
  /** There are no rows between the two. */
  readonly isExact: boolean;
}

const YES = new Sql('1');
const NO = new Sql('0');

export const ALWAYS: Truth = { alternatives: [YES], certain: YES, isExact: true };
export const NEVER: Truth = { alternatives: [], certain: NO, isExact: true };

/** Asking for more of them apart costs more than it spares. */
const MAX_ALTERNATIVES = 8;

export function possible({ alternatives }: Truth): Sql {
  return any(alternatives);
}

/** Holds where one of them does, and nobody knows where `elsewhere` does. */
export function exactlyBut(conditions: readonly Sql[], elsewhere: Sql | undefined): Truth {
  return limited({
    alternatives: elsewhere === undefined ? conditions : [...conditions, elsewhere],
    certain: any(conditions),
    isExact: elsewhere === undefined,
  });
}

export function not(truth: Truth): Truth {
  if (truth.alternatives.length === 0) return ALWAYS;
  if (truth === ALWAYS) return NEVER;
  return {
    alternatives: [sql`NOT (${truth.certain})`],
    certain: sql`NOT (${possible(truth)})`,
    isExact: truth.isExact,
  };
}

/** The alternatives are those of the one that has most of them, each with all the others. */
export function allOf(truths: readonly Truth[]): Truth {
  const telling = truths.filter((truth) => truth !== ALWAYS);
  if (telling.length === 0) return ALWAYS;
  if (telling.some(({ alternatives }) => alternatives.length === 0)) return NEVER;
  const widest = telling.reduce(wider, ALWAYS);
  const others = telling.filter((truth) => truth !== widest).map(possible);
  return {
    alternatives: widest.alternatives.map((each) => all([...others, each])),
    certain: all(telling.map(({ certain }) => certain)),
    isExact: telling.every(({ isExact }) => isExact),
  };
}

export function anyOf(truths: readonly Truth[]): Truth {
  if (truths.includes(ALWAYS)) return ALWAYS;
  const telling = truths.filter(({ alternatives }) => alternatives.length > 0);
  if (telling.length === 0) return NEVER;
  return limited({
    alternatives: telling.flatMap(({ alternatives }) => alternatives),
    certain: any(telling.map(({ certain }) => certain)),
    isExact: telling.every(({ isExact }) => isExact),
  });
}

function limited(truth: Truth): Truth {
  if (truth.alternatives.length <= MAX_ALTERNATIVES) return truth;
  return { ...truth, alternatives: [possible(truth)] };
}

function wider(a: Truth, b: Truth): Truth {
  return b.alternatives.length > a.alternatives.length || a === ALWAYS ? b : a;
}
