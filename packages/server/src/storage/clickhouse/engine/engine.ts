import type { Structure } from '../../native/structures.ts';
import type { Sql } from './sql.ts';

/**
 * ClickHouse, wherever it runs. Statements that change something go one after the other, in the order of the calls;
 * questions run beside them, a few at a time.
 */
export interface Engine extends AsyncDisposable {
  /** Runs a statement that answers nothing. */
  execute(statement: Sql): Promise<void>;
  /** Asks, and gives the rows in the format `RowBinary`. The statement has no `SETTINGS` and no `FORMAT` of its own. */
  read(statement: Sql, options?: ReadOptions): Promise<Uint8Array>;
  /**
   * Inserts a file in the format Native. When it resolves, the rows are on the disk, in the table and in all its views,
   * and so is the memory of the token: repeating the insert completes what a crash left undone and doubles nothing.
   */
  insertFile(insert: FileInsert): Promise<void>;
  /** The same for the rows of a question, which has to have the same answer in the same order when it is repeated. */
  insertSelect(insert: SelectInsert): Promise<void>;
  /** What questions have taken so far. */
  readStats(): ReadStats;
}

export interface ReadStats {
  readonly statements: number;
  /** From when each was given to the engine until its answer was there, added up; waiting for a connection is not in it. */
  readonly seconds: number;
}

export interface ReadOptions {
  /** Stops the question in the engine and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Takes one thread: for what nobody waits for. */
  readonly inOneThread?: boolean;
  /** For what the store asks for its own sake: the limit of rows does not count. */
  readonly isOwn?: boolean;
}

interface Insert {
  readonly table: string;
  /** Tells this insert from every other into the table. */
  readonly token: string;
  /** The table and the tables that its views write to. */
  readonly affectedTables: readonly string[];
}

export interface FileInsert extends Insert {
  readonly path: string;
  /** Names and types of the columns that are taken from the file. */
  readonly structure: Structure;
}

export interface SelectInsert extends Insert {
  readonly columns: readonly string[];
  readonly select: Sql;
}
