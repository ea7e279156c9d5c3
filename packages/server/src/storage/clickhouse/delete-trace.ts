/**
 * Removes one trace: marks its rows as gone, in the few partitions where they lie. The marks are in effect for every
 * question when the statement returns (`apply_mutations_on_fly`), in the parts some seconds later, when a thread of the
 * engine's has time for it: waiting for that held up all inserts for as long. The bytes go when the engine next merges
 * the parts. Rewriting the parts at once instead would copy gigabytes for a few kilobytes.
 *
 * The spans go first: a summary that is left by a crash leads to no spans, is shown nowhere, and lets the removal be
 * repeated. What counts spans without naming traces (operations, rates) is left as it is.
 */
import type { TraceRequest } from '../span-store.ts';
import type { Engine } from './engine/engine.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import { Sql, bytesLiteral, sql, textLiteral } from './engine/sql.ts';
import { readExtents, selectExtents, traceConditions } from './plan/trace-spans.ts';

/** Removes what the engine holds of a trace; gives whether that was anything. */
export async function deleteTrace(engine: Engine, request: TraceRequest): Promise<boolean> {
  const { tenant, traceId, signal } = request;
  const answer = await engine.read(selectExtents(tenant, [traceId]), { signal, isOwn: true });
  const extent = readExtents(new RowBinaryReader(answer)).get(traceId);
  if (extent === undefined) return false;
  await deleteRows(engine, 'spans', traceConditions(request, extent));
  const isTrace = sql`tenant = ${textLiteral(tenant)} AND trace_id = ${bytesLiteral(traceId)}`;
  await deleteRows(engine, 'traces', isTrace);
  return true;
}

/** The engine's own `DELETE FROM` is this very update of a hidden column, but takes one partition or all of them. */
async function deleteRows(engine: Engine, table: string, condition: Sql): Promise<void> {
  const name = new Sql(table);
  const answer = await engine.read(
    sql`SELECT DISTINCT _partition_id FROM ${name} WHERE ${condition}`,
    { isOwn: true },
  );
  const reader = new RowBinaryReader(answer);
  const updates = reader.rows(
    () =>
      sql`UPDATE _row_exists = 0 IN PARTITION ID ${textLiteral(reader.text())} WHERE ${condition}`,
  );
  if (updates.length === 0) return;
  await engine.execute(sql`ALTER TABLE ${name} ${updates} SETTINGS mutations_sync = 0`);
}
