/** The conditions of a search as SQL over the columns of `spans`. */
import { SPAN_STATUSES } from '@clew/model';
import { partitionOfUnixNano } from '../../native/partition-time.ts';
import type { TraceQuery } from '../../span-store.ts';
import { dateTimeLiteral, integerLiteral, sql, textLiteral, uint64Literal } from '../engine/sql.ts';
import type { Sql } from '../engine/sql.ts';
import { attributeEquals } from './attribute-condition.ts';
import type { ResourceMatch } from './resource-match.ts';

/** Alternatives, of which a span has to meet one. */
export type SpanCondition = readonly Sql[];

/** Everything a span has to be, but when it started. `resources` has an entry for each attribute condition. */
export function spanConditions(
  query: TraceQuery,
  resources: readonly ResourceMatch[],
): SpanCondition[] {
  const conditions: SpanCondition[] = [[sql`tenant = ${textLiteral(query.tenant)}`]];
  if (query.service !== undefined) conditions.push([sql`service = ${textLiteral(query.service)}`]);
  if (query.spanName !== undefined) conditions.push([sql`name = ${textLiteral(query.spanName)}`]);
  if (query.status !== undefined) {
    conditions.push([sql`status = ${integerLiteral(SPAN_STATUSES.indexOf(query.status))}`]);
  }
  if (query.minDurationNano !== undefined) {
    conditions.push([sql`duration_nano >= ${uint64Literal(query.minDurationNano)}`]);
  }
  if (query.maxDurationNano !== undefined) {
    conditions.push([sql`duration_nano <= ${uint64Literal(query.maxDurationNano)}`]);
  }
  for (const [i, condition] of query.attributes.entries()) {
    const ofResource = resourceCondition(resources[i] ?? { ids: [] });
    conditions.push([...attributeEquals(condition), ...ofResource]);
  }
  return conditions;
}

/** When a span started: `start` inclusive, `end` exclusive; whole partitions are left out where that is safe. */
export function startConditions(start: bigint | undefined, end: bigint | undefined): Sql[] {
  const conditions: Sql[] = [];
  if (start !== undefined && start > 0n) {
    const partition = dateTimeLiteral(partitionOfUnixNano(start));
    conditions.push(sql`start_unix_nano >= ${uint64Literal(start)}`);
    conditions.push(sql`start_clamped = true OR partition_time >= ${partition}`);
  }
  if (end !== undefined) {
    const partition = dateTimeLiteral(partitionOfUnixNano(end));
    conditions.push(sql`start_unix_nano < ${uint64Literal(end)}`);
    conditions.push(sql`start_clamped = true OR partition_time <= ${partition}`);
  }
  return conditions;
}

function resourceCondition(match: ResourceMatch): Sql[] {
  if ('select' in match) return [sql`resource_id IN (${match.select})`];
  if (match.ids.length === 0) return [];
  return [sql`resource_id IN (${match.ids.map(uint64Literal)})`];
}
