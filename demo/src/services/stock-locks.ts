import type { SpanContext } from '@opentelemetry/api';
import { activeSpan, startSpan } from '@clew/sdk';

/**
 * Locks by name, each held by one at a time, first come first served. Waiting for one is a span, which links to the span that
 * holds it: so a trace that waits leads to the trace that is to blame.
 */
export class StockLocks {
  readonly #locks = new Map<string, Lock>();

  /** Waits until nobody else holds the lock, then holds it while `work` runs. */
  async hold<T>(name: string, work: () => Promise<T>): Promise<T> {
    const lock = this.#locks.get(name) ?? { queue: [], holder: undefined, isHeld: false };
    this.#locks.set(name, lock);
    if (lock.isHeld) await waitFor(name, lock);
    lock.isHeld = true;
    lock.holder = activeSpan()?.spanContext();
    activeSpan()?.addEvent('lock-acquired', { 'lock.name': name });
    try {
      return await work();
    } finally {
      activeSpan()?.addEvent('lock-released', { 'lock.name': name });
      const next = lock.queue.shift();
      // It is never free in between, or somebody who comes later would be first.
      if (next === undefined) lock.isHeld = false;
      else next();
    }
  }
}

interface Lock {
  readonly queue: (() => void)[];
  holder: SpanContext | undefined;
  isHeld: boolean;
}

async function waitFor(name: string, lock: Lock): Promise<void> {
  const span = startSpan('wait-for-lock', {
    attributes: { 'lock.name': name, 'lock.queue_length': lock.queue.length + 1 },
    links: lock.holder === undefined ? [] : [{ context: lock.holder }],
  });
  await new Promise<void>((resolve) => {
    lock.queue.push(resolve);
  });
  span.finish();
}
