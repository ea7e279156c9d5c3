/**
 * From ended spans to requests, without the application noticing. Spans wait in a queue of fixed size; a batch leaves
 * when there are enough of them or the oldest has waited for the interval. One request is under way at a time. When the
 * receiver is slow or gone the queue fills and the oldest spans go: the application neither waits nor grows. Every
 * ended span ends in exactly one count of `ExportStats`.
 */
import { diag } from '@opentelemetry/api';
import type { RecordingSpan } from '../trace/recording-span.ts';
import type { ExportStats } from '../export-stats.ts';
import { RETRY, retryDelayMs, sleep } from './retry.ts';
import type { SpanExporter } from './span-exporter.ts';
import type { SpanBuffer } from '../trace/span-buffer.ts';
import type { ExportRequest } from './export-request.ts';

export interface BatchOptions {
  /** Spans of one request. */
  readonly maxBatchSize: number;
  /** How long a span waits at most before a request starts, while the receiver keeps up. */
  readonly flushIntervalMs: number;
}

export class BatchProcessor {
  readonly #exporter: SpanExporter;
  readonly #options: BatchOptions;
  readonly #queue: SpanBuffer;
  readonly #counts = { ended: 0, exported: 0, rejected: 0, dropped: 0, inFlight: 0 };
  readonly #reported = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #batch: BatchUnderWay | undefined;
  /** How many callers want no pauses between tries. */
  #hurryCount = 0;
  /** Whether a whole batch waits and is about to be sent. */
  #isDue = false;
  #isClosed = false;

  constructor(exporter: SpanExporter, queue: SpanBuffer, options: BatchOptions) {
    this.#exporter = exporter;
    this.#options = options;
    this.#queue = queue;
  }

  get stats(): ExportStats {
    return {
      endedSpanCount: this.#counts.ended,
      exportedSpanCount: this.#counts.exported,
      rejectedSpanCount: this.#counts.rejected,
      droppedSpanCount: this.#counts.dropped,
      queuedSpanCount: this.#queue.count + this.#counts.inFlight,
    };
  }

  onEnd(span: RecordingSpan): void {
    this.#counts.ended++;
    if (this.#isClosed) {
      this.#counts.dropped++;
      return;
    }
    const droppedCount = this.#queue.push(span);
    if (droppedCount > 0) this.#countOverflow(droppedCount);
    if (this.#running !== undefined || this.#isDue) return;
    this.#isDue = this.#queue.count >= this.#options.maxBatchSize;
    this.#schedule(this.#isDue ? 0 : this.#options.flushIntervalMs);
  }

  /** Resolves when what has ended so far was sent or given up, or after `timeoutMs`. Never rejects. */
  async flush(timeoutMs: number): Promise<void> {
    await this.#settle(timeoutMs);
  }

  /**
   * Sends what there is without pausing between tries; what is not sent after `timeoutMs` is dropped. For the end of
   * the process.
   */
  async drain(timeoutMs: number): Promise<void> {
    this.#hurryCount++;
    this.#batch?.wake.abort();
    if (!(await this.#settle(timeoutMs))) {
      this.#counts.dropped += this.#queue.clear();
      this.#batch?.giveUp.abort();
      await this.#running;
    }
    this.#hurryCount--;
  }

  /** Drains, and takes no more spans. */
  async shutdown(timeoutMs: number): Promise<void> {
    this.#isClosed = true;
    await this.drain(timeoutMs);
    this.#exporter.close();
  }

  #schedule(delayMs: number): void {
    if (this.#timer !== undefined && delayMs > 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#start(), delayMs).unref();
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isDue = false;
    this.#running ??= this.#exportAll().finally(() => {
      this.#running = undefined;
      if (this.#queue.count > 0) this.#schedule(this.#options.flushIntervalMs);
    });
  }

  /** Whether everything was settled in time. Holds the process open meanwhile, as nothing else here does. */
  async #settle(timeoutMs: number): Promise<boolean> {
    if (this.#queue.count === 0 && this.#running === undefined) return true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), timeoutMs);
    });
    try {
      return await Promise.race([this.#settleAll(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #settleAll(): Promise<true> {
    // A run stops when less than a batch is left, so what has ended meanwhile may need another.
    const goal = this.#counts.ended;
    while (this.#settledCount() < goal && (this.#queue.count > 0 || this.#running !== undefined)) {
      this.#start();
      await this.#running;
    }
    return true;
  }

  #settledCount(): number {
    return this.#counts.exported + this.#counts.rejected + this.#counts.dropped;
  }

  /** Sends what there is, and goes on while whole batches have gathered meanwhile. */
  async #exportAll(): Promise<void> {
    do {
      const request = this.#queue.take(this.#options.maxBatchSize);
      if (request === undefined) return;
      this.#counts.inFlight = request.spanCount;
      this.#batch = { giveUp: new AbortController(), wake: new AbortController() };
      try {
        await this.#exportBatch(request, this.#batch);
      } catch (cause) {
        this.#counts.dropped += request.spanCount;
        this.#report('error', `spans cannot be sent: ${String(cause)}`);
      }
      this.#batch = undefined;
      this.#counts.inFlight = 0;
    } while (this.#queue.count >= this.#options.maxBatchSize);
  }

  async #exportBatch(request: ExportRequest, { giveUp, wake }: BatchUnderWay): Promise<void> {
    const { spanCount } = request;
    const { target } = this.#exporter;
    for (let tries = 1; ; tries++) {
      const isLastTry = tries === RETRY.maxTries || this.#hurryCount > 0;
      const result = await this.#exporter.export(request, giveUp.signal);
      if (result.status === 'success') {
        this.#countSuccess(spanCount, result.rejectedSpanCount, result.message);
        return;
      }
      if (result.status === 'failure') {
        this.#counts.rejected += spanCount;
        this.#report('error', `${target} refuses spans: ${result.message}`);
        return;
      }
      if (isLastTry || giveUp.signal.aborted) {
        this.#counts.dropped += spanCount;
        this.#report('error', `spans could not be sent to ${target}: ${result.message}`);
        return;
      }
      this.#report('warn', `cannot reach ${target}, trying again: ${result.message}`);
      await sleep(retryDelayMs(tries, result.afterMs), wake.signal);
    }
  }

  #countSuccess(spanCount: number, rejectedSpanCount: number, message: string): void {
    const rejected = Math.min(rejectedSpanCount, spanCount);
    this.#counts.exported += spanCount - rejected;
    this.#counts.rejected += rejected;
    if (rejected > 0 || message !== '') {
      this.#report('warn', `${this.#exporter.target} did not take all spans: ${message}`);
    } else if (this.#reported.size > 0) {
      this.#reported.clear();
      diag.info(`clew: ${this.#exporter.target} takes spans again`);
    }
  }

  #countOverflow(droppedCount: number): void {
    this.#counts.dropped += droppedCount;
    this.#report('warn', `as many spans as may wait to be sent wait, dropping the oldest`);
  }

  /** Says a thing once, and again only when sending has worked in between. */
  #report(level: 'warn' | 'error', message: string): void {
    if (this.#reported.has(message)) return;
    if (this.#reported.size < MAX_REPORTED) this.#reported.add(message);
    diag[level](`clew: ${message}`);
  }
}

const MAX_REPORTED = 20;

interface BatchUnderWay {
  /** Aborted to end the request that is under way. */
  readonly giveUp: AbortController;
  /** Aborted to end the pause between two tries. */
  readonly wake: AbortController;
}
