import type { Logger } from '../../telemetry/log.ts';
import type { RequestOutcome, ServerMetrics } from '../../telemetry/metrics.ts';

/** A flood of bad datagrams must not become a flood of log lines. */
const LOG_INTERVAL_MS = 10_000;

/** Counts dropped datagrams by reason, and logs the first at once and the others every 10 s at most. */
export class DropLog {
  readonly #receiver: string;
  readonly #metrics: ServerMetrics;
  readonly #log: Logger;
  /** Since the last line of the log. */
  #count = 0;
  #lastReason = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(receiver: string, metrics: ServerMetrics, log: Logger) {
    this.#receiver = receiver;
    this.#metrics = metrics;
    this.#log = log;
  }

  add(outcome: RequestOutcome, reason: string, count = 1): void {
    this.#metrics.countRequest(this.#receiver, outcome, count);
    this.#count += count;
    this.#lastReason = reason;
    if (this.#timer === undefined) this.#write();
  }

  /** Writes what has not been told yet. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#count > 0) this.#writeLine();
  }

  #write(): void {
    this.#timer = undefined;
    if (this.#count === 0) return;
    this.#writeLine();
    this.#timer = setTimeout(() => this.#write(), LOG_INTERVAL_MS);
    // What is left to say is said at the end.
    this.#timer.unref();
  }

  #writeLine(): void {
    this.#log.warn('datagrams were dropped', {
      receiver: this.#receiver,
      datagrams: this.#count,
      reason: this.#lastReason,
    });
    this.#count = 0;
  }
}
