/**
 * From ended spans to OTLP requests, without the page noticing. Spans wait in a queue of bounded size. While the page is there they
 * leave in batches by `fetch`, one request at a time, again where that may help. When the page may be gone at any moment all of
 * them are handed to the browser at once, which sends what it was given even when the page is no more.
 */
import { retryDelayMs, RETRY } from '../export/retry.ts';
import { parseRetryAfter } from '../export/retry-after.ts';
import type { ExportResult } from '../export/span-exporter.ts';
import { TroubleLog } from '../export/trouble-log.ts';
import { exceptionMessage } from '../trace/exception.ts';
import type { Scope } from './page-tracer.ts';
import type { ExportRequest, SpanQueue } from './span-queue.ts';
import { givenText } from '../given-text.ts';

/** What became of the spans that ended. Every one is in exactly one of the other counts. */
export interface BrowserStats {
  readonly endedSpanCount: number;
  /** Accepted by the receiver. */
  readonly exportedSpanCount: number;
  /** Given to `sendBeacon` when the page was hidden or left; the browser does not tell what became of them. */
  readonly beaconSpanCount: number;
  /** Refused by the receiver for good. */
  readonly rejectedSpanCount: number;
  /** Given up: the queue was full, or the receiver could not be reached for too long. */
  readonly droppedSpanCount: number;
  /** Waiting to be sent, or under way. */
  readonly queuedSpanCount: number;
}

export interface SenderOptions {
  /** Of the traces themselves. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The browser's own, which nobody traces. */
  readonly fetch: typeof fetch;
}

/**
 * What browsers let a page have under way that outlives it is 64 KiB, `fetch` and `sendBeacon` together. The queue's requests are
 * below that.
 */
const MAX_KEPT_ALIVE_BYTES = 65_000;
/** So many wait no longer. */
const MANY_SPANS = 64;
const INTERVAL_MS = 1000;
const TIMEOUT_MS = 10_000;
const MAX_DELAY_MS = 8000;
const CONTENT_TYPE = 'application/json';
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export class SpanSender {
  readonly #options: SenderOptions;
  readonly #queue: SpanQueue;
  readonly #log = new TroubleLog();
  readonly #counts = { ended: 0, exported: 0, beacon: 0, rejected: 0, dropped: 0, underWay: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;
  /** The request that waits to be sent again, and how to end the waiting. */
  #pausing: { readonly request: ExportRequest; readonly wake: () => void } | undefined;
  #keptAliveBytes = 0;
  #isClosed = false;

  constructor(queue: SpanQueue, options: SenderOptions) {
    this.#queue = queue;
    this.#options = options;
  }

  get stats(): BrowserStats {
    const { ended, exported, beacon, rejected, dropped, underWay } = this.#counts;
    return {
      endedSpanCount: ended,
      exportedSpanCount: exported,
      beaconSpanCount: beacon,
      rejectedSpanCount: rejected,
      droppedSpanCount: dropped,
      queuedSpanCount: this.#queue.count + underWay,
    };
  }

  /** Takes a span as OTLP's JSON. */
  onEnd(scope: Scope, json: string): void {
    this.#counts.ended++;
    if (this.#isClosed) {
      this.#counts.dropped++;
      return;
    }
    this.#counts.dropped += this.#queue.push(scope, json);
    if (this.#running !== undefined) return;
    if (this.#queue.count >= MANY_SPANS) void this.#start();
    else this.#timer ??= setTimeout(() => void this.#start(), INTERVAL_MS);
  }

  /** Resolves when what waits has been sent or given up, or after `timeoutMs`. Never rejects. */
  async flush(timeoutMs: number): Promise<void> {
    const late = new Promise<void>((resolve) => {
      setTimeout(resolve, timeoutMs);
    });
    await Promise.race([this.#start(), late]);
  }

  /** Gives everything to the browser in this very turn: the page may be gone after it. */
  handOver(): void {
    const { request, wake } = this.#pausing ?? {};
    this.#pausing = undefined;
    if (request !== undefined) this.#handOver(request);
    wake?.();
    for (;;) {
      const next = this.#take();
      if (next === undefined) return;
      this.#handOver(next);
    }
  }

  /** Sends what there is, what is left after `timeoutMs` in one try, and takes no more spans. */
  async close(timeoutMs: number): Promise<void> {
    this.#isClosed = true;
    await this.flush(timeoutMs);
    this.handOver();
  }

  #start(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running ??= this.#sendAll().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #sendAll(): Promise<void> {
    for (;;) {
      const request = this.#take();
      if (request === undefined) return;
      await this.#sendWithRetries(request);
    }
  }

  #take(): ExportRequest | undefined {
    const request = this.#queue.take();
    this.#counts.underWay += request?.spanCount ?? 0;
    return request;
  }

  async #sendWithRetries(request: ExportRequest): Promise<void> {
    for (let tries = 1; ; tries++) {
      const result = await this.#post(request.body, this.#fits(request.body));
      if (result.status !== 'retry' || tries === RETRY.maxTries) {
        this.#settle(request, result);
        return;
      }
      this.#log.report('warn', `spans cannot be sent, trying again: ${result.message}`);
      const delayMs = Math.min(
        result.afterMs ?? retryDelayMs(tries, MAX_DELAY_MS),
        RETRY.maxAfterMs,
      );
      // It may have been handed over meanwhile.
      if (!(await this.#pause(request, delayMs))) return;
    }
  }

  /** Whether the request is still to be sent after the time. */
  #pause(request: ExportRequest, delayMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#pausing = undefined;
        resolve(true);
      }, delayMs);
      const wake = (): void => {
        clearTimeout(timer);
        resolve(false);
      };
      this.#pausing = { request, wake };
    });
  }

  /**
   * A beacon goes with the page's cookies, which a receiver of another origin has to allow, and without headers. So it is taken
   * for the page's own origin, and where `fetch` has no room or cannot outlive the page.
   */
  #handOver(request: ExportRequest): void {
    const { url } = this.#options;
    const canKeepAlive = 'keepalive' in Request.prototype && this.#fits(request.body);
    const isOwn = url.origin === location.origin;
    if ((isOwn || !canKeepAlive) && this.#sendBeacon(request)) {
      this.#counts.underWay -= request.spanCount;
      this.#counts.beacon += request.spanCount;
      return;
    }
    void this.#post(request.body, canKeepAlive).then((result) => this.#settle(request, result));
  }

  #sendBeacon({ body }: ExportRequest): boolean {
    const { url, headers } = this.#options;
    if (Object.keys(headers).length > 0 || !('sendBeacon' in navigator)) return false;
    try {
      const type = CONTENT_TYPE;
      return navigator.sendBeacon(url, new Blob([body], { type }));
    } catch {
      return false; // Not allowed here; then it is sent as all others are.
    }
  }

  #fits(body: Uint8Array): boolean {
    return this.#keptAliveBytes + body.length <= MAX_KEPT_ALIVE_BYTES;
  }

  async #post(body: ExportRequest['body'], keepalive: boolean): Promise<ExportResult> {
    const { url, headers } = this.#options;
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), TIMEOUT_MS);
    const keptBytes = keepalive ? body.length : 0;
    this.#keptAliveBytes += keptBytes;
    try {
      const response = await this.#options.fetch(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': CONTENT_TYPE },
        body,
        keepalive,
        signal: controller.signal,
      });
      return await readResult(response);
    } catch (cause) {
      return { status: 'retry', afterMs: undefined, message: exceptionMessage(cause) };
    } finally {
      clearTimeout(timer);
      this.#keptAliveBytes -= keptBytes;
    }
  }

  #settle({ spanCount }: ExportRequest, result: ExportResult): void {
    const counts = this.#counts;
    counts.underWay -= spanCount;
    if (result.status === 'success') {
      const rejected = Math.min(result.rejectedSpanCount, spanCount);
      counts.rejected += rejected;
      counts.exported += spanCount - rejected;
      if (result.message === '') this.#log.recover('spans are sent again');
    } else counts[result.status === 'failure' ? 'rejected' : 'dropped'] += spanCount;
    if (result.message !== '') this.#log.report('error', `spans were not sent: ${result.message}`);
  }
}

async function readResult(response: Response): Promise<ExportResult> {
  const { status } = response;
  if (response.ok) {
    return { status: 'success', ...(await readPartialSuccess(response)) };
  }
  const message = `the receiver answered ${status}`;
  if (!RETRYABLE_STATUSES.has(status)) return { status: 'failure', message };
  const afterMs = parseRetryAfter(response.headers.get('retry-after') ?? undefined);
  return { status: 'retry', afterMs, message };
}

/** OTLP's `ExportTracePartialSuccess` in JSON; what cannot be read means nothing, as the status has said that all is well. */
async function readPartialSuccess(
  response: Response,
): Promise<{ readonly rejectedSpanCount: number; readonly message: string }> {
  let partial: { readonly rejectedSpans?: unknown; readonly errorMessage?: unknown } = {};
  try {
    const answer = (await response.json()) as { readonly partialSuccess?: typeof partial } | null;
    partial = answer?.partialSuccess ?? {};
  } catch {
    // Not JSON, such as nothing at all.
  }
  return {
    rejectedSpanCount: Number(partial.rejectedSpans) || 0,
    message: givenText(partial.errorMessage),
  };
}
