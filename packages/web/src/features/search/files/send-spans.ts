import type { Span } from '@clew/model';
import { decodeExportResponseProtobuf, encodeTracesProtobuf } from '@clew/protocol';

export interface SentSpans {
  readonly sentCount: number;
  /** Those that the server refused, and why. */
  readonly rejectedCount: number;
  readonly reasons: readonly string[];
  /** Why it ended before all were sent. */
  readonly failure?: string | undefined;
}

/** Large enough that a request's own costs vanish, and well below what a server takes at most unless told otherwise. */
const SPANS_PER_REQUEST = 4000;

/** Tries again while the server is busy, so often and so far apart. */
const MAX_ATTEMPTS = 30;
const WAIT_MS = 1000;

/** Sends spans to an address that takes OTLP in protobuf, a few thousand at a time. A broken network throws `fetch`'s `TypeError`. */
export async function sendSpans(
  spans: readonly Span[],
  url: string,
  onProgress: (sentCount: number) => void,
): Promise<SentSpans> {
  let sentCount = 0;
  let rejectedCount = 0;
  const reasons = new Set<string>();
  for (let from = 0; from < spans.length; from += SPANS_PER_REQUEST) {
    const part = spans.slice(from, from + SPANS_PER_REQUEST);
    const response = await post(url, encodeTracesProtobuf(part));
    if (!response.ok) {
      const failure = `the server answered ${response.status}`;
      return { sentCount, rejectedCount, reasons: [...reasons], failure };
    }
    const answer = decodeExportResponseProtobuf(new Uint8Array(await response.arrayBuffer()));
    const rejected = answer?.rejectedSpans ?? 0;
    if (answer !== undefined && rejected > 0) reasons.add(answer.message);
    rejectedCount += rejected;
    sentCount += part.length - rejected;
    onProgress(sentCount);
  }
  return { sentCount, rejectedCount, reasons: [...reasons] };
}

async function post(url: string, body: Uint8Array<ArrayBuffer>): Promise<Response> {
  const headers = { 'content-type': 'application/x-protobuf' };
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, { method: 'POST', headers, body });
    const isBusy = [429, 502, 503, 504].includes(response.status);
    if (!isBusy || attempt === MAX_ATTEMPTS) return response;
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}
