import type { ClickHouseClient } from '@clickhouse/client';

/**
 * One connection to the embedded engine, made when it is first needed and made anew after a statement on it failed.
 *
 * A connection whose statement was stopped, by `KILL QUERY` or by a limit, may keep what it had not given yet: one in a
 * hundred then gave it as a part of the *next* answer. Such a connection is never asked again. A new one takes
 * milliseconds.
 */
export class EngineConnection {
  readonly #connect: () => Promise<ClickHouseClient>;
  #client: Promise<ClickHouseClient> | undefined;

  constructor(connect: () => Promise<ClickHouseClient>) {
    this.#connect = connect;
  }

  open(): Promise<ClickHouseClient> {
    if (this.#client === undefined) {
      const client = this.#connect();
      this.#client = client;
      // One that could not be made is tried again by whoever comes next.
      client.catch(() => {
        if (this.#client === client) this.#client = undefined;
      });
    }
    return this.#client;
  }

  /** To be called when nothing runs on it any more. */
  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    const opened = await client?.catch(() => undefined);
    await opened?.close();
  }
}
