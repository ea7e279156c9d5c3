import { diag } from '@opentelemetry/api';

/** A thing is not said again before so long, however often it comes and goes. */
const QUIET_MS = 60_000;

/** Different things that are remembered. A receiver that finds new words each time should not fill the log. */
const MAX_REMEMBERED = 20;

/** Tells of trouble with sending through `diag`: each thing once, and again only when sending has worked in between. */
export class TroubleLog {
  readonly #saidMs = new Map<string, number>();
  #recoveredMs = 0;
  #hasTrouble = false;

  report(level: 'warn' | 'error', message: string): void {
    const nowMs = performance.now();
    if (!this.#isNews(message, nowMs)) return;
    this.#saidMs.set(message, nowMs);
    this.#hasTrouble = true;
    diag[level](`clew: ${message}`);
  }

  /** Says that it works again, when the contrary was said before. */
  recover(message: string): void {
    this.#recoveredMs = performance.now();
    if (!this.#hasTrouble) return;
    this.#hasTrouble = false;
    diag.info(`clew: ${message}`);
  }

  #isNews(message: string, nowMs: number): boolean {
    const saidMs = this.#saidMs.get(message);
    if (saidMs !== undefined) return this.#isForgotten(saidMs, nowMs);
    if (this.#saidMs.size >= MAX_REMEMBERED) this.#forget(nowMs);
    return this.#saidMs.size < MAX_REMEMBERED;
  }

  #isForgotten(saidMs: number, nowMs: number): boolean {
    return saidMs < this.#recoveredMs && nowMs - saidMs > QUIET_MS;
  }

  #forget(nowMs: number): void {
    for (const [message, saidMs] of this.#saidMs) {
      if (this.#isForgotten(saidMs, nowMs)) this.#saidMs.delete(message);
    }
  }
}
