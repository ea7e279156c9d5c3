/**
 * From ended spans to requests, without the application noticing. Spans wait in a queue of fixed size; a batch leaves
 * when there are enough of them or the oldest has waited for the interval. One request is under way at a time. When the
 * receiver is slow or gone the queue fills and the oldest spans go: the application neither waits nor grows. Every
 * ended span ends in exactly one count of `ExportStats`.
 */
import type { RecordingSpan } from '../trace/recording-span.ts';
import type { SpanBuffer } from '../trace/span-buffer.ts';
import type { ExportStats } from '../export-stats.ts';
import { describeError } from './describe-error.ts';
import type { RequestSender } from './request-sender.ts';

export interface BatchOptions {
  /** Spans of one request. */
  readonly maxBatchSize: number;
  /** How long a span waits at most before a request starts, while the receiver keeps up. */
  readonly flushIntervalMs: number;
}

export class BatchProcessor {
  readonly #sender: RequestSender;
  readonly #options: BatchOptions;
  readonly #queue: SpanBuffer;
  #endedCount = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  /** Whether a whole batch waits and is about to be sent. */
  #isDue = false;
  #isClosed = false;

  constructor(sender: RequestSender, queue: SpanBuffer, options: BatchOptions) {
    this.#sender = sender;
    this.#options = options;
    this.#queue = queue;
  }

  get stats(): ExportStats {
    const { exported, rejected, dropped, buffered, recovered, underWay } = this.#sender.counts;
    return {
      endedSpanCount: this.#endedCount,
      recoveredSpanCount: recovered,
      exportedSpanCount: exported,
      rejectedSpanCount: rejected,
      droppedSpanCount: dropped,
      bufferedSpanCount: buffered,
      queuedSpanCount: this.#queue.count + underWay,
    };
  }

  onEnd(span: RecordingSpan): void {
    this.#endedCount++;
    if (this.#isClosed) {
      this.#sender.drop(1);
      return;
    }
    const droppedCount = this.#push(span);
    if (droppedCount > 0) this.#countOverflow(droppedCount);
    if (this.#running !== undefined || this.#isDue) return;
    this.#isDue = this.#queue.count >= this.#options.maxBatchSize;
    this.#schedule(this.#isDue ? 0 : this.#options.flushIntervalMs);
  }

  /** Answers with how many others had to go. */
  #push(span: RecordingSpan): number {
    try {
      return this.#queue.push(span);
    } catch (cause) {
      // One for which there is no memory.
      this.#sender.drop(1, `a span cannot be kept: ${describeError(cause)}`);
      return 0;
    }
  }

  /** Resolves when what has ended so far was sent or given up, or after `timeoutMs`. Never rejects. */
  async flush(timeoutMs: number): Promise<void> {
    await this.#settle(timeoutMs);
  }

  /**
   * Sends what there is without pausing between tries; what is not sent after `timeoutMs` is kept on the disk or dropped.
   * For the end of the process.
   */
  async drain(timeoutMs: number): Promise<void> {
    const relax = this.#sender.hurry();
    if (!(await this.#settle(timeoutMs))) {
      this.#abandonQueue();
      this.#sender.giveUp();
      await this.#running;
    }
    relax();
  }

  /** Keeps what there is on the disk, or drops it, at once: for a process that ends in this very turn. */
  abandon(): void {
    this.#sender.abandonUnderWay();
    this.#abandonQueue();
  }

  /** Drains, and takes no more spans. */
  async shutdown(timeoutMs: number): Promise<void> {
    this.#isClosed = true;
    await this.drain(timeoutMs);
    await this.#sender.close();
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
    const goal = this.#endedCount;
    const isLeft = (): boolean =>
      this.#endedCount - this.#queue.count - this.#sender.counts.underWay < goal;
    while (isLeft() && (this.#queue.count > 0 || this.#running !== undefined)) {
      this.#start();
      await this.#running;
    }
    return true;
  }

  /** Sends what there is, and goes on while whole batches have gathered meanwhile. */
  async #exportAll(): Promise<void> {
    do {
      const request = this.#queue.take(this.#options.maxBatchSize);
      if (request === undefined) return;
      await this.#sender.send(request);
    } while (this.#queue.count >= this.#options.maxBatchSize);
  }

  /** The request that is under way keeps its bytes. */
  #abandonQueue(): void {
    for (;;) {
      const request = this.#queue.takeApart(this.#options.maxBatchSize);
      if (request === undefined) return;
      this.#sender.abandon(request);
    }
  }

  #countOverflow(droppedCount: number): void {
    this.#sender.drop(droppedCount, 'as many spans wait as may wait, dropping the oldest');
  }
}
