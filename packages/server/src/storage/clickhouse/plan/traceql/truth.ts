/**
 * What SQL can say of whether a condition holds for a row. Some of what a query asks is not in the columns: the elements of a
 * list, a span's parent, its events. So there are two answers: `possible` is true wherever the condition holds, `certain` is true
 * only where it does. Rows between the two are for the evaluator to decide; most conditions have none, and both are the same.
 */
import { Sql, all, any, sql } from '../../engine/sql.ts';

export interface Truth {
  readonly possible: Sql;
  readonly certain: Sql;
}

export const ALWAYS: Truth = exactly(new Sql('1'));
export const NEVER: Truth = exactly(new Sql('0'));

export function exactly(condition: Sql): Truth {
  return { possible: condition, certain: condition };
}

/** Holds where `condition` does, and nobody knows where `elsewhere` does. */
export function exactlyBut(condition: Sql, elsewhere: Sql | undefined): Truth {
  if (elsewhere === undefined) return exactly(condition);
  return { possible: any([condition, elsewhere]), certain: condition };
}

/** Whether SQL alone tells where it holds. */
export function isExact({ possible, certain }: Truth): boolean {
  return possible.text === certain.text;
}

export function not({ possible, certain }: Truth): Truth {
  return { possible: sql`NOT (${certain})`, certain: sql`NOT (${possible})` };
}

export function allOf(truths: readonly Truth[]): Truth {
  return {
    possible: all(truths.map(({ possible }) => possible)),
    certain: all(truths.map(({ certain }) => certain)),
  };
}

export function anyOf(truths: readonly Truth[]): Truth {
  return {
    possible: any(truths.map(({ possible }) => possible)),
    certain: any(truths.map(({ certain }) => certain)),
  };
}
