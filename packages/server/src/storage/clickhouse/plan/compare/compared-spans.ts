/** What the statements behind `compare()` have in common: which spans they count, and in which cells. */
import type { CellCount, Value } from '@clew/traceql';
import type { RowBinaryReader } from '../../engine/row-binary-reader.ts';
import { sql } from '../../engine/sql.ts';
import type { Sql } from '../../engine/sql.ts';
import { intervalOf, selectSpans, spansConditions } from '../select-spans.ts';
import type { SelectedSpans } from '../select-spans.ts';
import type { OperandType } from '../traceql/operand.ts';
import { readValue } from '../value-text.ts';

/** Those of either side. */
export interface ComparedSpans extends SelectedSpans {
  /** Those of the selection, exactly. */
  readonly selection: Sql;
}

/** Which values are told apart: all, none, or those that a condition names. The others are null. */
export type ToldApart = 'all' | 'none' | Sql;

/** The spans of both sides with some of their columns, and the number of the cell that each counts in. */
export function selectCells(spans: ComparedSpans, columns: readonly Sql[]): Sql {
  return selectSpans([cellColumn(spans), ...columns], spans);
}

/** As `cellOf` of `traceql` has it. */
function cellColumn({ selection, range }: ComparedSpans): Sql {
  if (range.binCount === 1) return sql`toUInt32(${selection}) AS cell`;
  return sql`toUInt32(${intervalOf(range)} * 2 + toUInt8(${selection})) AS cell`;
}

/** How many spans both sides have. */
export function selectSpanCount(spans: ComparedSpans): Sql {
  return sql`SELECT count() FROM spans WHERE ${spansConditions(spans)}`;
}

/** Reads the text of a value; undefined where it is not told apart. */
export function readToldValue(reader: RowBinaryReader, type: OperandType): Value | undefined {
  return reader.uint8() === 1 ? undefined : readValue(reader, type);
}

/** Reads an array of cells and how many spans are in each. */
export function readCells(reader: RowBinaryReader): readonly CellCount[] {
  return reader.array(() => ({ cell: reader.uint32(), spanCount: reader.float64() }));
}
