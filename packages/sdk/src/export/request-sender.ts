import { unreachable } from '@clew/model';
import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import { suppressTracing } from '../context/suppress-tracing.ts';
import { describeError } from './describe-error.ts';
import type { DiskBufferOptions } from './disk-buffer.ts';
import type { DiskReplay } from './disk-replay.ts';
import type { ExportRequest } from './export-request.ts';
import { sleep } from './retry.ts';
import type { SendCounts } from './send-counts.ts';
import { boundAfterMs, send } from './send.ts';
import type { ExportResult, SpanExporter } from './span-exporter.ts';
import { TroubleLog } from './trouble-log.ts';

export interface SenderOptions {
  /** For one request with all its tries, without pauses that the receiver asks for. */
  readonly exportTimeoutMs: number;
  /** Where requests wait that cannot be sent. Without it they are dropped after some tries. */
  readonly diskBuffer?: DiskBufferOptions | undefined;
}

/**
 * Takes requests one at a time to their outcome, and counts it: sent, with retries where they may help; refused; kept on the
 * disk where there is a buffer; or dropped. Each trouble is told once.
 */
export class RequestSender {
  readonly #exporter: SpanExporter;
  readonly #options: SenderOptions;
  readonly #log = new TroubleLog();
  readonly #counts: SendCounts = {
    underWay: 0,
    buffered: 0,
    exported: 0,
    rejected: 0,
    dropped: 0,
    recovered: 0,
  };
  /** Resolves with nothing when there is no buffer, or it cannot be loaded. */
  readonly #loading: Promise<DiskReplay | undefined>;
  /** The same, once it is there. */
  #replay: DiskReplay | undefined;
  #underWay: UnderWay | undefined;
  /** How many callers want no pauses between tries. */
  #hurryCount = 0;
  /** Before it the receiver does not want to be asked. */
  #notBeforeMs = 0;

  constructor(exporter: SpanExporter, options: SenderOptions) {
    this.#exporter = exporter;
    this.#options = options;
    this.#loading = this.#load();
  }

  get counts(): Readonly<SendCounts> {
    return this.#counts;
  }

  /** Resolves when the request's spans are in their count and its bytes are not needed any more. Never rejects. */
  async send(request: ExportRequest): Promise<void> {
    const underWay = { request, giveUp: new AbortController(), wake: new AbortController() };
    this.#underWay = underWay;
    this.#counts.underWay += request.spanCount;
    if (this.#hurryCount > 0) underWay.wake.abort();
    let outcome: Outcome;
    try {
      // Outside of whatever span has just ended, whose context would be kept alive.
      outcome = await context.with(suppressTracing(ROOT_CONTEXT), () => this.#deliver(underWay));
    } catch (cause) {
      this.#log.report('error', `spans cannot be sent: ${describeError(cause)}`);
      outcome = 'dropped';
    }
    // It is not ours any more when the process has come to its end meanwhile.
    if (this.#underWay !== underWay) return;
    this.#underWay = undefined;
    this.#count(request.spanCount, outcome);
  }

  /** Until the function that this gives is called, nothing waits between tries, and one try is the last. */
  hurry(): () => void {
    this.#hurryCount++;
    this.#underWay?.wake.abort();
    return () => void this.#hurryCount--;
  }

  /** Ends the sending of the request that is under way: it is kept on the disk or dropped. */
  giveUp(): void {
    this.#underWay?.giveUp.abort();
    this.#underWay?.wake.abort();
  }

  /** Counts spans that never became a request, and says why, where that is to be said. */
  drop(spanCount: number, reason?: string): void {
    this.#counts.dropped += spanCount;
    if (reason !== undefined) this.#log.report('warn', reason);
  }

  /** Keeps a request on the disk at once, or drops it: for what there is no time to send. */
  abandon(request: ExportRequest): void {
    if (this.#replay?.saveSync(request) !== true) this.#counts.dropped += request.spanCount;
  }

  /** The same for the request that is under way, if there is one: for the very end of the process. */
  abandonUnderWay(): void {
    if (this.#underWay === undefined) return;
    const { request } = this.#underWay;
    this.#underWay = undefined;
    this.#counts.underWay -= request.spanCount;
    this.abandon(request);
  }

  /** Takes no more requests. What is on the disk stays there. Never rejects. */
  async close(): Promise<void> {
    await (await this.#loading)?.close();
    this.#exporter.close();
  }

  async #load(): Promise<DiskReplay | undefined> {
    const { diskBuffer } = this.#options;
    if (diskBuffer === undefined) return undefined;
    try {
      const { DiskReplay } = await import('./disk-replay.ts');
      const parts = { exporter: this.#exporter, counts: this.#counts, log: this.#log };
      this.#replay = new DiskReplay(diskBuffer, parts);
      await this.#replay.start();
    } catch (cause) {
      this.#log.report('error', `there is no disk buffer: ${describeError(cause)}`);
    }
    return this.#replay;
  }

  async #deliver(underWay: UnderWay): Promise<Outcome> {
    const { request } = underWay;
    const replay = await this.#loading;
    if (replay === undefined) return this.#sendWithRetries(underWay);
    // What is on the disk finds out when the receiver is back.
    if (replay.isReceiverDown && (await replay.save(request, undefined))) return 'buffered';
    const result = await this.#try(underWay, () => false);
    if (result.status !== 'retry') return this.#toOutcome(result);
    // Retries go on from the disk, so that this request does not hold up those behind it.
    if (await replay.save(request, result)) return 'buffered';
    if (this.#isLast(underWay)) return this.#toOutcome(result);
    return this.#sendWithRetries(underWay);
  }

  async #sendWithRetries(underWay: UnderWay): Promise<Outcome> {
    await sleep(this.#notBeforeMs - performance.now(), underWay.wake.signal);
    const result = await this.#try(underWay, (message) => {
      if (this.#isLast(underWay)) return false;
      this.#log.report('warn', `cannot reach ${this.#exporter.target}, trying again: ${message}`);
      return true;
    });
    if (result.status === 'retry') {
      this.#notBeforeMs = performance.now() + (boundAfterMs(result.afterMs) ?? 0);
    }
    return this.#toOutcome(result);
  }

  #try(
    { request, giveUp, wake }: UnderWay,
    onTrouble: (message: string) => boolean,
  ): Promise<ExportResult> {
    return send(this.#exporter, request, {
      timeoutMs: this.#options.exportTimeoutMs,
      giveUp: giveUp.signal,
      wake: wake.signal,
      onTrouble,
    });
  }

  #isLast({ giveUp }: UnderWay): boolean {
    return this.#hurryCount > 0 || giveUp.signal.aborted;
  }

  #toOutcome(result: ExportResult): Outcome {
    const { target } = this.#exporter;
    switch (result.status) {
      case 'success':
        if (result.rejectedSpanCount > 0 || result.message !== '') {
          this.#log.report('warn', `${target} did not take all spans: ${result.message}`);
        } else this.#log.recover(`${target} takes spans again`);
        return result;
      case 'failure':
        this.#log.report('error', `${target} refuses spans: ${result.message}`);
        return 'rejected';
      case 'retry':
        this.#log.report('error', `spans could not be sent to ${target}: ${result.message}`);
        return 'dropped';
      default:
        return unreachable(result);
    }
  }

  /** In one step, so that the counts add up at any time. What the disk holds has counted itself. */
  #count(spanCount: number, outcome: Outcome): void {
    if (outcome === 'buffered') return;
    const counts = this.#counts;
    counts.underWay -= spanCount;
    if (typeof outcome === 'string') {
      counts[outcome] += spanCount;
      return;
    }
    const rejected = Math.min(outcome.rejectedSpanCount, spanCount);
    counts.exported += spanCount - rejected;
    counts.rejected += rejected;
  }
}

/** What became of a request; a number of spans may be refused of one that was sent. */
type Outcome = 'buffered' | 'rejected' | 'dropped' | { readonly rejectedSpanCount: number };

interface UnderWay {
  readonly request: ExportRequest;
  /** Aborted to end the try that is under way. */
  readonly giveUp: AbortController;
  /** Aborted to end the pause between two tries. */
  readonly wake: AbortController;
}
