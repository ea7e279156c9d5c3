import type { ClewClient } from '@clew/api';
import { shapeOf } from './shape-of.ts';
import type { Shape } from './shape-of.ts';

/** A trace of more spans is not loaded for a picture of a few pixels: its columns are a quarter of a megabyte. */
export const MAX_SHAPE_SPANS = 5000;

/** Under way at a time, so that the list itself is never kept waiting for its pictures. */
const MAX_AT_ONCE = 2;

/** Loads traces for their shapes, a few at a time; those whose row has gone are left out. */
export class ShapeLoader {
  readonly #client: Pick<ClewClient, 'readTraceColumns'>;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(client: Pick<ClewClient, 'readTraceColumns'>) {
    this.#client = client;
  }

  async load(traceId: string, signal: AbortSignal): Promise<Shape> {
    if (this.#running >= MAX_AT_ONCE) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#running++;
    try {
      signal.throwIfAborted();
      return shapeOf(await this.#client.readTraceColumns(traceId, { signal }));
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }
}
