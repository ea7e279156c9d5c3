import type { ExportRequest } from './export-request.ts';
import { RETRY, retryDelayMs, sleep } from './retry.ts';
import type { ExportResult, SpanExporter } from './span-exporter.ts';

export interface SendControl {
  /**
   * For all tries and the pauses between them. Pauses that the receiver asks for come on top: asking a receiver before its
   * time only makes it later.
   */
  readonly timeoutMs: number;
  /** Aborted to end the try that is under way, and with it the whole. */
  readonly giveUp: AbortSignal;
  /** Aborted to end the pause between two tries. */
  readonly wake: AbortSignal;
  /** Told of a failed try; answers whether there may be another. */
  readonly onTrouble: (message: string) => boolean;
}

const MAX_DELAY_MS = 8000;

/** Sends a request, and again where that may help. Answers with how the last try went. Never rejects. */
export async function send(
  exporter: SpanExporter,
  request: ExportRequest,
  control: SendControl,
): Promise<ExportResult> {
  let leftMs = control.timeoutMs;
  for (let tries = 1; ; tries++) {
    const startedMs = performance.now();
    const result = await tryWithin(leftMs, control.giveUp, (signal) =>
      exporter.export(request, signal),
    );
    leftMs -= performance.now() - startedMs;
    if (result.status !== 'retry' || control.giveUp.aborted || tries === RETRY.maxTries) {
      return result;
    }
    const delayMs = boundAfterMs(result.afterMs) ?? retryDelayMs(tries, MAX_DELAY_MS);
    if (result.afterMs === undefined) leftMs -= delayMs;
    if (leftMs <= 0 || !control.onTrouble(result.message)) return result;
    await sleep(delayMs, control.wake);
  }
}

/** One controller and one timer that ends with the try: those of `AbortSignal.any` and `timeout` would outlive it. */
async function tryWithin(
  timeoutMs: number,
  giveUp: AbortSignal,
  run: (signal: AbortSignal) => Promise<ExportResult>,
): Promise<ExportResult> {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new Error('given up'));
  const timer = setTimeout(
    () => controller.abort(new Error('no answer within the time for all tries')),
    timeoutMs,
  ).unref();
  giveUp.addEventListener('abort', abort, { once: true });
  if (giveUp.aborted) abort();
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
    giveUp.removeEventListener('abort', abort);
  }
}

/** How long a receiver that wants to be left alone is. */
export function boundAfterMs(afterMs: number | undefined): number | undefined {
  return afterMs === undefined ? undefined : Math.min(afterMs, RETRY.maxAfterMs);
}
