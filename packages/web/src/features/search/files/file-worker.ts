/** Reads a file beside the page, which stays quick meanwhile, and gives its traces to the page or its spans to the server. */
import { TraceError } from '@clew/model';
import type { Span, Trace } from '@clew/model';
import { assembleTraces, decodeFile } from './decode-file.ts';
import type { DecodedFile } from './decode-file.ts';
import { sendSpans } from './send-spans.ts';

/** What the page asks: to read a file, or to send its spans to an address that takes OTLP. */
export interface FileRequest {
  readonly file: Blob;
  readonly sendTo?: string | undefined;
}

/** What the page is told; all but `progress` are the last. */
export type FileAnswer =
  | { readonly kind: 'progress'; readonly sentCount: number }
  | ({ readonly kind: 'decoded'; readonly traces: readonly Trace[] } & Rejected)
  | ({ readonly kind: 'sent'; readonly sentCount: number } & FileSpan & Rejected)
  | { readonly kind: 'unknown' }
  | { readonly kind: 'failed'; readonly reason: string };

interface Rejected {
  readonly rejectedCount: number;
  readonly reasons: readonly string[];
}

/** When the spans of a file began, milliseconds since 1970. */
interface FileSpan {
  readonly startMs: number;
  readonly endMs: number;
}

addEventListener('message', ({ data }: MessageEvent<FileRequest>) => {
  void answer(data).then((last) => postMessage(last));
});

async function answer({ file, sendTo }: FileRequest): Promise<FileAnswer> {
  try {
    const decoded = decodeFile(await readBytes(file));
    if (decoded === undefined) return { kind: 'unknown' };
    const { spans, rejectedCount, reasons } = decoded;
    if (sendTo === undefined) {
      return { kind: 'decoded', traces: assembleTraces(spans), rejectedCount, reasons };
    }
    return await send(decoded, sendTo);
  } catch (error) {
    // Anything else is a bug, or the end of memory, and ends the worker, which the page is told.
    if (error instanceof TraceError || error instanceof TypeError) {
      return { kind: 'failed', reason: error.message };
    }
    throw error;
  }
}

async function send(
  { spans, rejectedCount, reasons }: DecodedFile,
  to: string,
): Promise<FileAnswer> {
  const sent = await sendSpans(spans, to, (sentCount) => {
    postMessage({ kind: 'progress', sentCount } satisfies FileAnswer);
  });
  if (sent.failure !== undefined) return { kind: 'failed', reason: sent.failure };
  return {
    kind: 'sent',
    sentCount: sent.sentCount,
    rejectedCount: rejectedCount + sent.rejectedCount,
    reasons: [...reasons, ...sent.reasons],
    ...timesOf(spans),
  };
}

function timesOf(spans: readonly Span[]): FileSpan {
  const starts = spans.map(({ startUnixNano }) => Number(startUnixNano / 1_000_000n));
  return {
    startMs: starts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    endMs: starts.reduce((a, b) => Math.max(a, b), 0) + 1,
  };
}

/** Files are often compressed with gzip, which the content tells. */
async function readBytes(file: Blob): Promise<Uint8Array> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const isGzip = first === 0x1f && second === 0x8b;
  const content = isGzip ? file.stream().pipeThrough(new DecompressionStream('gzip')) : file;
  return new Uint8Array(await new Response(content).arrayBuffer());
}
