/**
 * Which resources meet the attribute conditions of a search. Asked first, because the answer is nearly always "none" or
 * "a few", and a list of ids leaves the indexes of the big table usable where a subquery or a join would not.
 */
import type { TraceQuery } from '../../span-store.ts';
import type { RowBinaryReader } from '../engine/row-binary-reader.ts';
import { any, integerLiteral, sql, textLiteral } from '../engine/sql.ts';
import type { Sql } from '../engine/sql.ts';
import { attributeEquals } from './attribute-condition.ts';

/** For one condition: the ids of the resources that meet it, or, when they are many, a statement that gives them. */
export type ResourceMatch = { readonly ids: readonly bigint[] } | { readonly select: Sql };

/** More ids than this are not worth listing. */
const MAX_IDS = 500;

/** One row, with an array of ids for each attribute condition of the query. The query has at least one. */
export function selectResources(query: TraceQuery): Sql {
  const columns = query.attributes.map(
    (condition) =>
      sql`groupUniqArrayIf(${integerLiteral(MAX_IDS + 1)})(id, ${any(attributeEquals(condition))})`,
  );
  return sql`SELECT ${columns} FROM resources WHERE tenant = ${textLiteral(query.tenant)}`;
}

export function readResourceMatches(reader: RowBinaryReader, query: TraceQuery): ResourceMatch[] {
  return query.attributes.map((condition) => {
    const ids = reader.array(() => reader.uint64());
    if (ids.length <= MAX_IDS) return { ids };
    const isMet = any(attributeEquals(condition));
    return {
      select: sql`SELECT id FROM resources WHERE tenant = ${textLiteral(query.tenant)} AND (${isMet})`,
    };
  });
}
