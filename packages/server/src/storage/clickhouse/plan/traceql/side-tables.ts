/**
 * Which resources, scopes and sets of attributes meet the conditions of a query. They are asked before the spans are, because the answer is nearly
 * always "none" or "a few", and a list of ids leaves the indexes of the big table usable where a subquery or a join would not.
 * What to ask is known when the plan is made, so it is made twice: first to note the conditions, then with their ids.
 */
import type { RowBinaryReader } from '../../engine/row-binary-reader.ts';
import { Sql, integerLiteral, sql, textLiteral, uint64List } from '../../engine/sql.ts';
import { SIDE_TABLES } from './condition-context.ts';
import type { ConditionContext, SideTable } from './condition-context.ts';

/** More ids than this are not worth listing. */
const MAX_IDS = 500;

type Ask = (statement: Sql) => Promise<RowBinaryReader>;

export async function planWithSideTables<Plan>(
  plan: (idsWhere: ConditionContext['idsWhere']) => Plan,
  { tenant, ask }: { readonly tenant: string; readonly ask: Ask },
): Promise<Plan> {
  const noted = new Map(SIDE_TABLES.map((table) => [table, new Map<string, Sql>()]));
  const first = plan((table, condition) => {
    noted.get(table)?.set(condition.text, condition);
    return new Sql('0');
  });
  if ([...noted.values()].every(({ size }) => size === 0)) return first;
  const ids = new Map<SideTable, ReadonlyMap<string, Sql>>();
  for (const [table, conditions] of noted) {
    ids.set(table, await findIds(table, conditions, { tenant, ask }));
  }
  return plan((table, condition) => ids.get(table)?.get(condition.text));
}

/** By the text of a condition, the ids that meet it, where there are any. */
async function findIds(
  table: SideTable,
  conditions: ReadonlyMap<string, Sql>,
  { tenant, ask }: { readonly tenant: string; readonly ask: Ask },
): Promise<ReadonlyMap<string, Sql>> {
  if (conditions.size === 0) return new Map();
  const from = sql`${new Sql(table)} WHERE tenant = ${textLiteral(tenant)}`;
  const columns = [...conditions.values()].map(
    (condition) => sql`groupUniqArrayIf(${integerLiteral(MAX_IDS + 1)})(id, ${condition})`,
  );
  const reader = await ask(sql`SELECT ${columns} FROM ${from}`);
  const found = new Map<string, Sql>();
  for (const [text, condition] of conditions) {
    const ids = reader.array(() => reader.uint64());
    if (ids.length === 0) continue;
    const isShort = ids.length <= MAX_IDS;
    const list = isShort ? uint64List(ids) : sql`SELECT id FROM ${from} AND (${condition})`;
    found.set(text, list);
  }
  return found;
}
