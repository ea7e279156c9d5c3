/**
 * ClickHouse inside this process (the npm package `chdb`) behind the client that also speaks to a server.
 *
 * The engine is one for the process and serves one directory; a connection to it is cheap. One connection writes, a few
 * answer questions, and one is kept free to stop a question that nobody waits for any more: the engine's C interface
 * cannot interrupt a call, but `KILL QUERY` from another connection can.
 */
import { writeFile } from 'node:fs/promises';
import { createClient } from '@clickhouse/client';
import type { ClickHouseClient, ClickHouseClientConfigOptions } from '@clickhouse/client';
import { StorageError } from '@clew/model';
import { diskError } from '../../segment/disk.ts';
import { ConnectionPool } from './connection-pool.ts';
import { EngineConnection } from './engine-connection.ts';
import { DeduplicationLogs } from './deduplication-logs.ts';
import type { Engine, FileInsert, ReadOptions, ReadStats, SelectInsert } from './engine.ts';
import { toStorageError } from './engine-error.ts';
import { Sql, sql, structureLiteral, textLiteral } from './sql.ts';

export interface EmbeddedEngineOptions {
  /** The engine's own directory. */
  readonly directory: string;
  /** Where its configuration is written. */
  readonly configFile: string;
  readonly queryTimeoutMs: number;
  readonly queryMemoryBytes: number;
  /** Rows that a question may read; 0 for no limit. */
  readonly queryMaxRows: number;
}

const DATABASE = 'clew';
const MAX_STATEMENT_BYTES = 64 * 1024 * 1024;
const MAX_STATEMENT_DEPTH = 5000;

/** Opens the engine, and in it the database `clew`. */
export async function openEmbeddedEngine(options: EmbeddedEngineOptions): Promise<Engine> {
  await writeFile(options.configFile, ENGINE_CONFIG).catch((cause: unknown) => {
    throw diskError('write', options.configFile, cause);
  });
  const { Session, drainPending } = await import('chdb');
  const { createChdbConnection } = await import('chdb/connection');

  // The session that starts the engine decides its configuration; the connections join it.
  let starter: InstanceType<typeof Session>;
  try {
    starter = new Session(options.directory, {
      connectionArgs: [`--config-file=${options.configFile}`],
    });
  } catch (cause) {
    throw explainFailedStart(options.directory, cause);
  }
  const connect = async (): Promise<ClickHouseClient> => {
    const connection = createChdbConnection({ path: options.directory });
    const client = createClient({ connection: connection as unknown as ClientConnection });
    await client.command({ query: `USE ${DATABASE}` });
    // Values are bound into the text, and a value may be long; a query may have many conditions.
    await client.command({
      query:
        `SET max_query_size = ${MAX_STATEMENT_BYTES}, ` +
        `max_parser_depth = ${MAX_STATEMENT_DEPTH}, max_ast_depth = ${MAX_STATEMENT_DEPTH}`,
    });
    return client;
  };
  try {
    await starter.queryAsync(`CREATE DATABASE IF NOT EXISTS ${DATABASE} ENGINE = Atomic`);
    const writer = new EngineConnection(connect);
    const killer = new EngineConnection(connect);
    const readers = Array.from({ length: readerCount() }, () => new EngineConnection(connect));
    await Promise.all([writer, killer, ...readers].map((connection) => connection.open()));
    const close = async (): Promise<void> => {
      starter.close();
      await drainPending();
    };
    return new EmbeddedEngine({ writer, killer, readers, close }, options);
  } catch (cause) {
    starter.close();
    throw toStorageError(cause, `CREATE DATABASE ${DATABASE}`);
  }
}

/** What `createChdbConnection` gives, as the client's own copy of the same declarations has it. */
type ClientConnection = NonNullable<ClickHouseClientConfigOptions['connection']>;

interface Connections {
  readonly writer: EngineConnection;
  readonly killer: EngineConnection;
  readonly readers: readonly EngineConnection[];
  /** Stops the engine after the connections are closed. */
  readonly close: () => Promise<void>;
}

class EmbeddedEngine implements Engine {
  readonly #connections: Connections;
  readonly #readers: ConnectionPool<EngineConnection>;
  readonly #limits: Sql;
  readonly #rowLimit: string;
  readonly #reading = new Set<Promise<unknown>>();
  readonly #deduplicationLogs = new DeduplicationLogs((statement) => this.read(statement));
  #writing: Promise<unknown> = Promise.resolve();
  #lastQueryNumber = 0;
  #readSeconds = 0;

  constructor(connections: Connections, options: EmbeddedEngineOptions) {
    this.#connections = connections;
    this.#readers = new ConnectionPool(connections.readers);
    this.#limits = new Sql(
      `max_execution_time = ${options.queryTimeoutMs / 1000}, ` +
        `timeout_overflow_mode = 'throw', ` +
        `max_memory_usage = ${options.queryMemoryBytes}, ` +
        // Reading a trace is many short reads, and handing each to another thread took longer than the reads.
        `local_filesystem_read_method = 'pread', ` +
        // Looking into indexes while reading took a quarter longer than doing it before.
        `use_skip_indexes_on_data_read = 0, ` +
        // Whoever writes a join knows which side is the small one; the engine went by the ranges of time, and then held
        // the larger side of service edges in memory: seven times as much, in three times the time.
        `query_plan_join_swap_table = 'false', ` +
        // Rows that were marked as deleted are gone for every question, also before the parts have the marks.
        `apply_mutations_on_fly = 1`,
    );
    const { queryMaxRows } = options;
    this.#rowLimit =
      queryMaxRows === 0
        ? ''
        : `, max_rows_to_read = ${queryMaxRows}, read_overflow_mode = 'throw'`;
  }

  execute(statement: Sql): Promise<void> {
    const run = async (): Promise<void> => {
      const { writer } = this.#connections;
      try {
        const client = await writer.open();
        await client.command({ query: statement.text });
      } catch (cause) {
        await writer.close();
        throw toStorageError(cause, statement.text);
      }
    };
    const result = this.#writing.then(run);
    this.#writing = result.catch(() => undefined);
    return result;
  }

  insertFile({ path, structure, ...insert }: FileInsert): Promise<void> {
    const columns = Object.keys(structure);
    const file = sql`file(${textLiteral(path)}, Native, ${structureLiteral(structure)})`;
    const select = sql`SELECT ${columns.map((column) => new Sql(column))} FROM ${file}`;
    return this.insertSelect({ ...insert, columns, select });
  }

  async insertSelect({
    table,
    columns,
    select,
    token,
    affectedTables,
  }: SelectInsert): Promise<void> {
    await this.execute(sql`
INSERT INTO ${new Sql(table)} (${columns.map((column) => new Sql(column))})
SETTINGS
  insert_deduplication_token = ${textLiteral(token)},
  ${INSERT_SETTINGS}
${select}`);
    await this.#deduplicationLogs.sync(affectedTables);
  }

  async read(
    statement: Sql,
    { signal, inOneThread = false, isOwn = false }: ReadOptions = {},
  ): Promise<Uint8Array> {
    const reader = await this.#readers.acquire(signal);
    const mark = `/* clew:${++this.#lastQueryNumber} */`;
    const threads = inOneThread ? ', max_threads = 1' : '';
    const limits = this.#limits.text + threads + (isOwn ? '' : this.#rowLimit);
    const query = `${mark} ${statement.text} SETTINGS ${limits} FORMAT RowBinary`;
    const startMs = performance.now();
    let killed: Promise<void> | undefined;
    const answer = collect(reader, query);
    const ended = answer
      .then(
        () => killed === undefined,
        () => false,
      )
      .then((isClean) => {
        this.#readSeconds += (performance.now() - startMs) / 1000;
        return this.#giveBack(reader, isClean, killed);
      })
      .finally(() => this.#reading.delete(ended));
    this.#reading.add(ended);
    try {
      return await raceAbort(answer, signal, () => {
        killed = this.#kill(mark);
      });
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      throw toStorageError(cause, statement.text);
    }
  }

  readStats(): ReadStats {
    return { statements: this.#lastQueryNumber, seconds: this.#readSeconds };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
    await this.#kill('/* clew:');
    await Promise.allSettled(this.#reading);
    const { writer, killer, readers, close } = this.#connections;
    await Promise.all([writer, killer, ...readers].map((client) => client.close()));
    await close();
  }

  /** Only an answer that came whole leaves its connection fit for the next question. */
  async #giveBack(
    reader: EngineConnection,
    isClean: boolean,
    killed: Promise<void> | undefined,
  ): Promise<void> {
    if (!isClean) {
      await killed;
      await reader.close();
    }
    this.#readers.release(reader);
  }

  async #kill(mark: string): Promise<void> {
    const statement = sql`KILL QUERY WHERE startsWith(query, ${textLiteral(mark)}) ASYNC`;
    try {
      const client = await this.#connections.killer.open();
      await client.command({ query: statement.text });
    } catch {
      // Whoever asked has gone; a question that cannot be stopped ends at its time limit.
    }
  }
}

/**
 * One thread and one block, so that a repeated insert forms the very same parts under the very same tokens; any number
 * of partitions, because how many days a sender's spans lie in is bounded by the retention. The indexes of attribute
 * keys take a quarter of an insert and are left to the merges: until then, a question about a key reads the keys of what
 * is new.
 */
const INSERT_SETTINGS = new Sql(`max_threads = 1,
  max_insert_threads = 1,
  min_insert_block_size_rows = 10000000,
  min_insert_block_size_bytes = 4000000000,
  max_partitions_per_insert_block = 0,
  exclude_materialize_skip_indexes_on_insert = 'attr_string_keys, attr_int_keys, attr_double_keys, attr_bool_keys',
  deduplicate_blocks_in_dependent_materialized_views = 1,
  input_format_skip_unknown_fields = 1`);

/** All of an answer, which the embedded engine gives in one piece. */
async function collect(connection: EngineConnection, query: string): Promise<Uint8Array> {
  const client = await connection.open();
  const { stream } = await client.exec({ query });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

function raceAbort<T>(
  answer: Promise<T>,
  signal: AbortSignal | undefined,
  onAbort: () => void,
): Promise<T> {
  if (signal === undefined) return answer;
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      onAbort();
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/**
 * Each question holds a thread of libuv's pool until it is answered. Two stay free: one for the insert that is running
 * and one for files, so that acknowledgements never wait for a question.
 */
function readerCount(): number {
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
  return Math.min(Math.max(threads - 2, 1), 8);
}

function explainFailedStart(directory: string, cause: unknown): StorageError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const reason = message.includes('only one active data directory')
    ? 'this process already has an open store, and it can have only one'
    : `${message} (is another process using it?)`;
  return new StorageError(`the engine cannot open ${directory}: ${reason}`, {
    code: 'failed_precondition',
    cause,
  });
}

/**
 * Small parts are compressed with LZ4 and merged ones with ZSTD: inserts and small merges measured a quarter less CPU
 * than with ZSTD alone. Caches are bounded because they count as our memory, and merges because their threads compete
 * with those that receive.
 */
const ENGINE_CONFIG = `<clickhouse>
  <background_pool_size>1</background_pool_size>
  <background_merges_mutations_concurrency_ratio>1</background_merges_mutations_concurrency_ratio>
  <mark_cache_size>268435456</mark_cache_size>
  <primary_index_cache_size>268435456</primary_index_cache_size>
  <index_mark_cache_size>67108864</index_mark_cache_size>
  <query_condition_cache_size>16777216</query_condition_cache_size>
  <compression>
    <case>
      <min_part_size>50000000</min_part_size>
      <min_part_size_ratio>0</min_part_size_ratio>
      <method>zstd</method>
      <level>1</level>
    </case>
  </compression>
</clickhouse>
`;
