/**
 * The door through which ended spans go. What is behind it, where they are written and sent, is half of this library and not
 * needed at once, so it is loaded in the first moments of the program; what ends until then waits here as it is.
 */
import { diag } from '@opentelemetry/api';
import type { ExportStats } from '../export-stats.ts';
import type { RecordingSpan } from '../trace/recording-span.ts';
import type { BatchProcessor } from './batch-processor.ts';
import type { Drainable } from './flush-at-exit.ts';

export class SpanIntake implements Drainable {
  readonly #maxSpans: number;
  readonly #loading: Promise<void>;
  /** Undefined until it is loaded, and if it cannot be. */
  #processor: BatchProcessor | undefined;
  #waiting: RecordingSpan[] = [];
  #endedCount = 0;
  #droppedCount = 0;
  /** Whether spans are of no use any more. */
  #isClosed = false;

  /** At most `maxSpans` wait; then the oldest go. */
  constructor(maxSpans: number, load: () => Promise<BatchProcessor>) {
    this.#maxSpans = maxSpans;
    this.#loading = load().then(
      (processor) => this.#open(processor),
      (cause: unknown) => {
        diag.error(`clew: spans cannot be sent: ${String(cause)}`);
        this.#close();
      },
    );
  }

  get stats(): ExportStats {
    const stats = this.#processor?.stats ?? NO_STATS;
    return {
      ...stats,
      endedSpanCount: stats.endedSpanCount + this.#endedCount,
      droppedSpanCount: stats.droppedSpanCount + this.#droppedCount,
      queuedSpanCount: stats.queuedSpanCount + this.#waiting.length,
    };
  }

  onEnd(span: RecordingSpan): void {
    if (this.#processor !== undefined) {
      this.#processor.onEnd(span);
      return;
    }
    this.#endedCount++;
    if (this.#isClosed) {
      this.#droppedCount++;
    } else if (this.#waiting.push(span) > this.#maxSpans) {
      this.#waiting.shift();
      this.#droppedCount++;
    }
  }

  async flush(timeoutMs: number): Promise<void> {
    await this.#loading;
    await this.#processor?.flush(timeoutMs);
  }

  async drain(timeoutMs: number): Promise<void> {
    await this.#loading;
    await this.#processor?.drain(timeoutMs);
  }

  abandon(): void {
    this.#close();
    this.#processor?.abandon();
  }

  /** Drains, and takes no more spans. */
  async shutdown(timeoutMs: number): Promise<void> {
    await this.#loading;
    await this.#processor?.shutdown(timeoutMs);
  }

  #open(processor: BatchProcessor): void {
    this.#processor = processor;
    this.#endedCount -= this.#waiting.length;
    for (const span of this.#waiting.splice(0)) processor.onEnd(span);
  }

  #close(): void {
    this.#isClosed = true;
    this.#droppedCount += this.#waiting.length;
    this.#waiting = [];
  }
}

const NO_STATS: ExportStats = {
  endedSpanCount: 0,
  recoveredSpanCount: 0,
  exportedSpanCount: 0,
  rejectedSpanCount: 0,
  droppedSpanCount: 0,
  bufferedSpanCount: 0,
  queuedSpanCount: 0,
};
