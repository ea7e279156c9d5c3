/**
 * Connections to lend, first come, first served. The embedded engine runs the queries of one connection one after the
 * other, and each running query holds one thread of libuv's pool, on which the write-ahead segments are synced too: the
 * number of connections is what keeps questions from holding up acknowledgements.
 */
export class ConnectionPool<T> {
  readonly #free: T[];
  readonly #waiting = new Set<(connection: T) => void>();

  constructor(connections: readonly T[]) {
    this.#free = [...connections];
  }

  /** Waits for a connection; rejects with the signal's reason when that comes first. */
  acquire(signal: AbortSignal | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const free = this.#free.pop();
      if (free !== undefined) {
        resolve(free);
        return;
      }
      const onAbort = (): void => {
        this.#waiting.delete(take);
        reject(signal?.reason as Error);
      };
      const take = (connection: T): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve(connection);
      };
      this.#waiting.add(take);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  release(connection: T): void {
    for (const take of this.#waiting) {
      this.#waiting.delete(take);
      take(connection);
      return;
    }
    this.#free.push(connection);
  }
}
