import { OverloadedError } from '@clew/model';

/** Lets some in at a time; others wait in line, the first first. */
export class Turnstile {
  #places: number;
  readonly #waitMs: number;
  readonly #line = new Set<() => void>();

  /** Who has waited for `waitMs` is told to come again. */
  constructor({ places, waitMs }: { readonly places: number; readonly waitMs: number }) {
    this.#places = places;
    this.#waitMs = waitMs;
  }

  /** Whoever is in calls `leave` once. Throws `OverloadedError` after too long a wait, and what the signal says. */
  async enter(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#places > 0) this.#places--;
    else await this.#wait(signal);
  }

  leave(): void {
    const [next] = this.#line;
    if (next === undefined) this.#places++;
    else next();
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const letIn = (): void => {
        end();
        resolve();
      };
      const giveUp = (): void => {
        end();
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        end();
        const details = { retryAfterMs: this.#waitMs };
        reject(new OverloadedError('too many large traces are being read', details));
      }, this.#waitMs);
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        this.#line.delete(letIn);
      };
      this.#line.add(letIn);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }
}
