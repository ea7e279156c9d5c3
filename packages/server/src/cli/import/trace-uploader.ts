/**
 * Sends requests to a server, several at a time, and never more than a few: `send` waits until there is room, so that
 * whoever reads a file reads it only as fast as the server takes it. A server that is busy or restarting is asked again,
 * for a while. A request that it refuses is halved until what is wrong stands alone, so that one span does not lose the
 * thousands beside it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  OTLP_CONTENT_TYPES,
  TraceRequestPacker,
  decodeExportResponseProtobuf,
  decodeStatusProtobuf,
} from '@clew/protocol';
import type { PackedTraces, PartialSuccess } from '@clew/protocol';
import { OTLP_TRACES_PATH } from '../../http/otlp-path.ts';
import { CommandError } from '../command-error.ts';

export interface UploadOptions {
  /** Where Clew is served, without a slash at the end. */
  readonly baseUrl: string;
  /** How long one request may be repeated before the upload is given up, 5 minutes by default. */
  readonly retryTimeoutMs?: number | undefined;
  /** Requests in flight together, 4 by default. */
  readonly maxInFlight?: number | undefined;
  /** Told when a request has to wait, with the server's reason. */
  readonly onWait?: ((reason: string) => void) | undefined;
}

/** What has become of the spans so far. */
export interface UploadCounts {
  importedSpans: number;
  refusedSpans: number;
  /** Distinct, the first few. */
  readonly reasons: Set<string>;
}

const MAX_REASONS = 10;
const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 10_000;
/** A server that does not answer at all within this is not there. */
const ANSWER_TIMEOUT_MS = 120_000;

export class TraceUploader {
  readonly counts: UploadCounts = { importedSpans: 0, refusedSpans: 0, reasons: new Set() };
  readonly #url: string;
  readonly #baseUrl: string;
  readonly #retryTimeoutMs: number;
  readonly #maxInFlight: number;
  readonly #onWait: (reason: string) => void;
  readonly #inFlight = new Set<Promise<void>>();
  #failure: unknown;
  /** Until the server has answered once, it may be the wrong address, and waiting would not help. */
  #hasAnswered = false;

  constructor({ baseUrl, retryTimeoutMs = 300_000, maxInFlight = 4, onWait }: UploadOptions) {
    this.#baseUrl = baseUrl;
    this.#url = `${baseUrl}${OTLP_TRACES_PATH}`;
    this.#retryTimeoutMs = retryTimeoutMs;
    this.#maxInFlight = maxInFlight;
    this.#onWait = onWait ?? (() => undefined);
  }

  /** Waits for room and sends. Throws what made an earlier request fail for good. */
  async send(traces: PackedTraces): Promise<void> {
    while (this.#inFlight.size >= this.#maxInFlight) await Promise.race(this.#inFlight);
    this.#throwFailure();
    const sent = this.#deliver(traces)
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => this.#inFlight.delete(sent));
    this.#inFlight.add(sent);
    // The first one finds out whether this is a server of ours.
    if (!this.#hasAnswered) await sent;
    this.#throwFailure();
  }

  /** Waits for what is in flight. Throws what made a request fail for good. */
  async drain(): Promise<void> {
    await Promise.all(this.#inFlight);
    this.#throwFailure();
  }

  refuse(spanCount: number, reasons: readonly string[]): void {
    this.counts.refusedSpans += spanCount;
    for (const reason of reasons) {
      if (this.counts.reasons.size < MAX_REASONS) this.counts.reasons.add(reason);
    }
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #deliver(traces: PackedTraces): Promise<void> {
    const startedMs = performance.now();
    for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(2 * retryMs, MAX_RETRY_MS)) {
      const answer = await this.#post(traces);
      switch (answer.kind) {
        case 'accepted':
          this.#count(traces, answer.partial);
          return;
        case 'refused':
          return this.#deliverHalves(traces, answer.reason);
        case 'failed':
          throw new CommandError(answer.reason);
        case 'busy': {
          const waitMs = answer.retryAfterMs ?? retryMs;
          if (performance.now() + waitMs - startedMs > this.#retryTimeoutMs) {
            const seconds = Math.round(this.#retryTimeoutMs / 1000);
            throw new CommandError(`gave up after ${seconds} s: ${answer.reason}`);
          }
          this.#onWait(answer.reason);
          await sleep(waitMs);
          break;
        }
      }
    }
  }

  async #deliverHalves(traces: PackedTraces, reason: string): Promise<void> {
    if (traces.spanCount === 1) {
      this.refuse(1, [reason]);
      return;
    }
    const packer = new TraceRequestPacker({
      maxBytes: Number.MAX_SAFE_INTEGER,
      maxSpans: Math.ceil(traces.spanCount / 2),
    });
    const halves = [...packer.add(traces.bytes), packer.flush()];
    for (const half of halves) if (half !== undefined) await this.#deliver(half);
  }

  #count({ spanCount }: PackedTraces, partial: PartialSuccess | undefined): void {
    const refusedSpans = Math.min(partial?.rejectedSpans ?? 0, spanCount);
    this.counts.importedSpans += spanCount - refusedSpans;
    if (refusedSpans > 0) this.refuse(refusedSpans, [partial?.message ?? '']);
  }

  async #post({ bytes }: PackedTraces): Promise<Answer> {
    let response: Response;
    let body: Uint8Array;
    try {
      response = await fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': OTLP_CONTENT_TYPES.protobuf },
        body: bytes,
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
      body = new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      const reason = `${this.#baseUrl} cannot be reached: ${describeCause(error)}`;
      if (this.#hasAnswered) return { kind: 'busy', reason, retryAfterMs: undefined };
      return { kind: 'failed', reason: `${reason}; is it running? --url names another address` };
    }
    this.#hasAnswered = true;
    return readAnswer(response, body, this.#url);
  }
}

type Answer =
  | { readonly kind: 'accepted'; readonly partial: PartialSuccess | undefined }
  /** Sending it again helps. */
  | {
      readonly kind: 'busy';
      readonly reason: string;
      readonly retryAfterMs: number | undefined;
    }
  /** Something in it is wrong or it is too large. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** No other request would be accepted either. */
  | { readonly kind: 'failed'; readonly reason: string };

const BUSY = new Set([429, 502, 503, 504]);
const REFUSED = new Set([400, 413]);

function readAnswer(response: Response, body: Uint8Array, url: string): Answer {
  const { status } = response;
  if (status === 200) {
    if (!isProtobuf(response)) return { kind: 'failed', reason: `${url} is not Clew's` };
    return { kind: 'accepted', partial: decodeExportResponseProtobuf(body) };
  }
  const reason = readReason(response, body);
  if (BUSY.has(status)) return { kind: 'busy', reason, retryAfterMs: readRetryAfter(response) };
  if (REFUSED.has(status)) return { kind: 'refused', reason };
  return { kind: 'failed', reason: `${url} answered ${status}: ${reason}` };
}

/** A proxy's error page says less than its status. */
function readReason(response: Response, body: Uint8Array): string {
  return isProtobuf(response) ? decodeStatusProtobuf(body).message : response.statusText;
}

function isProtobuf({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith(OTLP_CONTENT_TYPES.protobuf) ?? false;
}

/** In whole seconds (RFC 9110, section 10.2.3); nobody sends the other form, a date, to a program like this. */
function readRetryAfter({ headers }: Response): number | undefined {
  const text = headers.get('retry-after') ?? '';
  return /^\d{1,6}$/.test(text) ? Number(text) * 1000 : undefined;
}

/** What `fetch` says of a failure is in its cause. */
function describeCause(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return String(cause);
  // A name with several addresses gives an error for each and no message of its own.
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : undefined;
  return first instanceof Error ? first.message : cause.message;
}
