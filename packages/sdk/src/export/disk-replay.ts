import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import { suppressTracing } from '../context/suppress-tracing.ts';
import { DiskBuffer, describeDiskError } from './disk-buffer.ts';
import type { BufferedRequest, ClaimedRequest, DiskBufferOptions } from './disk-buffer.ts';
import type { ExportRequest } from './export-request.ts';
import { retryDelayMs, sleep } from './retry.ts';
import type { SendCounts } from './send-counts.ts';
import { boundAfterMs } from './send.ts';
import type { ExportResult, SpanExporter } from './span-exporter.ts';
import type { TroubleLog } from './trouble-log.ts';

export interface DiskReplayParts {
  readonly exporter: SpanExporter;
  readonly counts: SendCounts;
  readonly log: TroubleLog;
}

/** A receiver that is gone is asked this often, at least. */
const MAX_DELAY_MS = 30_000;

/** How often it is looked for what other processes have left. */
const ADOPT_INTERVAL_MS = 5 * 60_000;

/** After so many tries, each followed by another request that was taken, it is the request that is wrong. */
const MAX_STRIKES = 20;

/**
 * Keeps on the disk what could not be sent, and sends it, oldest first, as soon as the receiver takes requests again. While it
 * does not, the oldest is what it is asked with, again and again with pauses.
 */
export class DiskReplay {
  readonly #buffer: DiskBuffer;
  readonly #directory: string;
  readonly #parts: DiskReplayParts;
  readonly #over = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isReceiverDown = false;
  #failuresInARow = 0;
  /** What failed last, and how often it did while others were taken. */
  #suspect: BufferedRequest | undefined;
  readonly #strikes = new Map<BufferedRequest, number>();

  constructor(options: DiskBufferOptions, parts: DiskReplayParts) {
    this.#directory = options.directory;
    this.#parts = parts;
    const { counts, log } = parts;
    this.#buffer = new DiskBuffer(options, {
      onAdopt: (spanCount) => {
        counts.recovered += spanCount;
        counts.buffered += spanCount;
      },
      onLoss: (spanCount, message) => {
        counts.buffered -= spanCount;
        counts.dropped += spanCount;
        log.report('error', message);
      },
    });
  }

  /** Whether the receiver took no request when it was asked last, so that others need not try. */
  get isReceiverDown(): boolean {
    return this.#isReceiverDown;
  }

  /** Looks for what processes before have left, now and from time to time. Never rejects. */
  async start(): Promise<void> {
    await this.#adopt();
    if (this.#over.signal.aborted) return;
    this.#timer = setInterval(() => void this.#adopt(), ADOPT_INTERVAL_MS).unref();
  }

  /**
   * Keeps a request that is under way and could not be sent because of `trouble`, or was not tried. Answers with whether it
   * could be kept, and is counted so. Never rejects.
   */
  async save(request: ExportRequest, trouble: ExportResult | undefined): Promise<boolean> {
    const isSaved = await this.#buffer.save(request, (message) => this.#reportWrite(message));
    if (!isSaved) return false;
    this.#parts.counts.underWay -= request.spanCount;
    this.#parts.counts.buffered += request.spanCount;
    if (trouble?.status === 'retry') this.#noteTrouble(trouble.message);
    this.#replay(trouble);
    return true;
  }

  /** The same at once, for the end of the process. */
  saveSync(request: ExportRequest): boolean {
    const isSaved = this.#buffer.saveSync(request, (message) => this.#reportWrite(message));
    if (isSaved) this.#parts.counts.buffered += request.spanCount;
    return isSaved;
  }

  /** Sends nothing more. What is on the disk stays there. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#over.abort();
    await this.#running;
  }

  async #adopt(): Promise<void> {
    try {
      await this.#buffer.adopt();
    } catch (cause) {
      this.#parts.log.report('error', `cannot use ${this.#directory}: ${describeDiskError(cause)}`);
    }
    this.#replay(undefined);
  }

  #replay(trouble: ExportResult | undefined): void {
    if (this.#running !== undefined || this.#over.signal.aborted) return;
    // Outside of whatever span has just ended, whose context would be kept alive.
    this.#running = context
      .with(suppressTracing(ROOT_CONTEXT), () => this.#sendAll(trouble))
      .finally(() => {
        this.#running = undefined;
        // What has come since it last looked.
        if (this.#buffer.fileCount > 0) this.#replay(undefined);
      });
  }

  /** Goes on until nothing is left. */
  async #sendAll(trouble: ExportResult | undefined): Promise<void> {
    if (trouble !== undefined) await this.#pause(trouble);
    while (!this.#over.signal.aborted) {
      const claimed = await this.#claim();
      if (claimed === 'later') continue;
      if (claimed === undefined) break;
      const { file, body } = claimed;
      const request = { spanCount: file.spanCount, body };
      const result = await this.#parts.exporter.export(request, this.#over.signal);
      await this.#settle(file, result);
    }
    if (this.#buffer.fileCount === 0) this.#isReceiverDown = false;
  }

  async #claim(): Promise<ClaimedRequest | 'later' | undefined> {
    try {
      return await this.#buffer.claim(this.#suspect);
    } catch (cause) {
      const message = `cannot read from ${this.#directory}: ${describeDiskError(cause)}`;
      this.#parts.log.report('error', message);
      await this.#pause(undefined);
      return 'later';
    }
  }

  async #settle(file: BufferedRequest, result: ExportResult): Promise<void> {
    const { counts, log, exporter } = this.#parts;
    const { spanCount } = file;
    if (result.status === 'retry') {
      await this.#buffer.release(file);
      if (this.#over.signal.aborted) return;
      this.#suspect = file;
      this.#noteTrouble(result.message);
      await this.#pause(result);
      return;
    }
    // Before it is counted: whoever sees that nothing is buffered any more may end the process.
    await this.#buffer.remove(file);
    counts.buffered -= spanCount;
    if (result.status === 'success') {
      const rejected = Math.min(result.rejectedSpanCount, spanCount);
      counts.exported += spanCount - rejected;
      counts.rejected += rejected;
      if (rejected > 0) {
        log.report('warn', `${exporter.target} did not take all spans: ${result.message}`);
      } else log.recover(`${exporter.target} takes spans again`);
    } else {
      counts.rejected += spanCount;
      log.report('error', `${exporter.target} refuses spans: ${result.message}`);
    }
    this.#failuresInARow = 0;
    this.#isReceiverDown = false;
    this.#strikes.delete(file);
    await this.#strike(file);
  }

  /** Counts against the request that failed last that another was taken since. */
  async #strike(taken: BufferedRequest): Promise<void> {
    const suspect = this.#suspect;
    this.#suspect = undefined;
    if (suspect === undefined || suspect === taken) return;
    const strikes = (this.#strikes.get(suspect) ?? 0) + 1;
    this.#strikes.set(suspect, strikes);
    if (strikes < MAX_STRIKES) return;
    this.#strikes.delete(suspect);
    await this.#buffer.lose(suspect, 'a request fails again and again while others are taken');
  }

  #noteTrouble(message: string): void {
    this.#isReceiverDown = true;
    const { exporter, log } = this.#parts;
    log.report(
      'warn',
      `cannot reach ${exporter.target}, keeping spans in ${this.#directory}: ${message}`,
    );
  }

  #reportWrite(message: string): void {
    this.#parts.log.report('error', `cannot write to ${this.#directory}: ${message}`);
  }

  async #pause(trouble: ExportResult | undefined): Promise<void> {
    this.#failuresInARow++;
    const afterMs = trouble?.status === 'retry' ? boundAfterMs(trouble.afterMs) : undefined;
    const delayMs = afterMs ?? retryDelayMs(this.#failuresInARow, MAX_DELAY_MS);
    await sleep(delayMs, this.#over.signal);
  }
}
