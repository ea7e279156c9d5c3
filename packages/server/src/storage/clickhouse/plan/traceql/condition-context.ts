/**
 * What a condition's plan has to know of the store: which types of values a key has, and which resources, scopes and sets of
 * attributes meet a condition.
 */
import type { Sql } from '../../engine/sql.ts';
import type { KeyTypes } from '../../attribute-keys.ts';

export const SIDE_TABLES = ['resources', 'scopes', 'attribute_sets'] as const;
export type SideTable = (typeof SIDE_TABLES)[number];

export interface ConditionContext {
  readonly keys: KeyTypes;
  /** A list of ids, or a statement that gives them; undefined where none meets the condition. */
  readonly idsWhere: (table: SideTable, condition: Sql) => Sql | undefined;
}
