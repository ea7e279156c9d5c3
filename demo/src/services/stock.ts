/** The stock of the shop: shelves in the database of the order-service, and locks, so that nothing is sold twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import { traced, withSpan } from '@clew/sdk';
import type { Pool, PoolClient } from 'pg';
import type { FaultName } from '../faults.ts';
import { RequestError } from './http-service.ts';
import { StockLocks } from './stock-locks.ts';

/** What queries are made with: the pool, or the connection that a transaction has to itself. */
type Database = Pick<Pool | PoolClient, 'query'>;

export interface StockOptions {
  readonly pool: Pool;
  readonly faults: ReadonlySet<FaultName>;
  /** Whether the lock that is fought over is one of the database, rather than of this process. */
  readonly locksInDatabase: boolean;
}

/** With the fault, for as long everybody else waits. */
const SLOW_COUNT_MS = 300;

export class Stock {
  readonly #options: StockOptions;
  readonly #locks = new StockLocks();

  constructor(options: StockOptions) {
    this.#options = options;
  }

  /** Sets so many of an item aside. A `RequestError` says that there are not enough. */
  readonly reserve = traced(
    async (item: string, quantity: number): Promise<void> => {
      const { pool, faults, locksInDatabase } = this.#options;
      if (!faults.has('lock-contention')) {
        await this.#locks.hold(item, () => this.#take(pool, item, quantity));
      } else if (locksInDatabase) {
        await this.#takeInTransaction(item, quantity);
      } else {
        // One lock for everything, and slow work under it.
        await this.#locks.hold('stock', () => this.#takeSlowly(pool, item, quantity));
      }
    },
    {
      name: 'reserve-stock',
      attributes: ([item, quantity]) => ({ 'order.item': item, 'order.quantity': quantity }),
    },
  );

  async #take(database: Database, item: string, quantity: number): Promise<void> {
    const free = await this.#countFree(database, item);
    if (free < quantity) throw new RequestError(409, `there is not enough ${item}`);
    const isSlow = this.#options.faults.has('slow-query');
    await database.query(isSlow ? RESERVE_SLOWLY : RESERVE, [item, quantity]);
  }

  async #takeSlowly(database: Database, item: string, quantity: number): Promise<void> {
    await withSpan('check-warehouse', () => sleep(SLOW_COUNT_MS));
    await this.#take(database, item, quantity);
  }

  async #takeInTransaction(item: string, quantity: number): Promise<void> {
    const client = await this.#options.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query(LOCK_STOCK);
      await this.#takeSlowly(client, item, quantity);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }

  async #countFree(database: Database, item: string): Promise<number> {
    if (this.#options.faults.has('n-plus-one')) return countShelfByShelf(database, item);
    const { rows } = await database.query<{ free: number }>(COUNT_FREE, [item]);
    return rows[0]?.free ?? 0;
  }
}

async function countShelfByShelf(database: Database, item: string): Promise<number> {
  const { rows: shelves } = await database.query<{ shelf: number }>(LIST_SHELVES, [item]);
  let free = 0;
  for (const { shelf } of shelves) {
    const { rows } = await database.query<{ free: number }>(COUNT_SHELF, [item, shelf]);
    free += rows[0]?.free ?? 0;
  }
  return free;
}

const COUNT_FREE =
  'SELECT sum(capacity)::integer AS free FROM order_service.shelves WHERE item = $1';
const LIST_SHELVES = 'SELECT shelf FROM order_service.shelves WHERE item = $1 ORDER BY shelf';
const COUNT_SHELF =
  'SELECT capacity AS free FROM order_service.shelves WHERE item = $1 AND shelf = $2';
const RESERVE = 'UPDATE order_service.stock SET reserved = reserved + $2 WHERE item = $1';
const RESERVE_SLOWLY = 'SELECT order_service.reserve($1, $2)';
const LOCK_STOCK = 'SELECT item, reserved FROM order_service.stock ORDER BY item FOR UPDATE';

/** Twenty shelves for each item, which are filled up at once: this shop never runs out. */
export const STOCK_SCHEMA = `
  CREATE TABLE IF NOT EXISTS order_service.stock (
    item text PRIMARY KEY,
    reserved bigint NOT NULL DEFAULT 0
  );
  CREATE TABLE IF NOT EXISTS order_service.shelves (
    item text NOT NULL,
    shelf integer NOT NULL,
    capacity integer NOT NULL,
    PRIMARY KEY (item, shelf)
  );
  INSERT INTO order_service.stock (item)
    SELECT unnest(ARRAY['tea', 'coffee', 'cup', 'kettle']) ON CONFLICT DO NOTHING;
  INSERT INTO order_service.shelves (item, shelf, capacity)
    SELECT item, shelf, 500 FROM order_service.stock, generate_series(1, 20) AS shelf
    ON CONFLICT DO NOTHING;
  CREATE OR REPLACE FUNCTION order_service.reserve(wanted text, quantity integer) RETURNS void
    LANGUAGE sql VOLATILE AS
    'SELECT pg_sleep(0.2); UPDATE order_service.stock SET reserved = reserved + quantity WHERE item = wanted'`;
