/**
 * From ended spans to requests, without the application noticing. Spans wait in a queue of fixed size; a batch leaves
 * when there are enough of them or the oldest has waited for the interval. One request is under way at a time. When the
 * receiver is slow or gone the queue fills and the oldest spans go: the application neither waits nor grows. Every
 * ended span ends in exactly one count of `ExportStats`.
 */
import type { Resource } from '@clew/model';
import { encodeTracesProtobuf } from '@clew/protocol';
import type { RecordingSpan } from '../trace/recording-span.ts';
import type { ExportStats } from '../export-stats.ts';
import type { ExportRequest } from './export-request.ts';
import type { RequestSender } from './request-sender.ts';
import { SpanQueue } from './span-queue.ts';

export interface BatchOptions {
  /** Spans that may wait. */
  readonly maxQueueSize: number;
  /** Spans of one request. */
  readonly maxBatchSize: number;
  /** How long a span waits at most before a request starts, while the receiver keeps up. */
  readonly flushIntervalMs: number;
}

export class BatchProcessor {
  readonly #sender: RequestSender;
  readonly #resource: Resource;
  readonly #options: BatchOptions;
  readonly #queue: SpanQueue<RecordingSpan>;
  #endedCount = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(sender: RequestSender, resource: Resource, options: BatchOptions) {
    this.#sender = sender;
    this.#resource = resource;
    this.#options = options;
    this.#queue = new SpanQueue(options.maxQueueSize);
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
    if (this.#queue.push(span)) this.#countOverflow();
    if (this.#running !== undefined) return;
    this.#schedule(this.#queue.count >= this.#options.maxBatchSize ? 0 : undefined);
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
      for (const request of this.#takeAll()) this.#sender.abandon(request);
      this.#sender.giveUp();
      await this.#running;
    }
    relax();
  }

  /** Keeps what there is on the disk, or drops it, at once: for a process that ends in this very turn. */
  abandon(): void {
    this.#sender.abandonUnderWay();
    for (const request of this.#takeAll()) this.#sender.abandon(request);
  }

  /** Drains, and takes no more spans. */
  async shutdown(timeoutMs: number): Promise<void> {
    this.#isClosed = true;
    await this.drain(timeoutMs);
    await this.#sender.close();
  }

  #schedule(delayMs = this.#options.flushIntervalMs): void {
    if (this.#timer !== undefined && delayMs > 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#start(), delayMs).unref();
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running ??= this.#exportAll().finally(() => {
      this.#running = undefined;
      if (this.#queue.count > 0) this.#schedule();
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
      const request = this.#take();
      if (request === undefined) return;
      await this.#sender.send(request);
    } while (this.#queue.count >= this.#options.maxBatchSize);
  }

  #take(): ExportRequest | undefined {
    const spans = this.#queue.take(this.#options.maxBatchSize);
    if (spans.length === 0) return undefined;
    const body = encodeTracesProtobuf(spans.map((span) => span.toModel(this.#resource)));
    return { spanCount: spans.length, body };
  }

  *#takeAll(): Generator<ExportRequest> {
    for (let request = this.#take(); request !== undefined; request = this.#take()) yield request;
  }

  #countOverflow(): void {
    const { maxQueueSize } = this.#options;
    this.#sender.drop(1, `${maxQueueSize} spans wait to be sent, dropping the oldest`);
  }
}
