import type { Span, TraceId } from '@clew/model';
import { encodeResourceSpansJson } from '@clew/protocol';
import type { TracePart } from './read-traces.ts';

/** What `clew export` writes; `clew import` reads all of them. */
export const EXPORT_FORMATS = ['otlp-json', 'otlp-jsonl', 'otlp-proto'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

type Parts = AsyncIterable<TracePart>;

/**
 * Of a line, with its end. A larger trace is several lines: they are read whole, and each may be sent to a server by itself, which
 * takes no more in one request unless told otherwise. A span that is larger alone is a line of its own.
 */
export const MAX_LINE_BYTES: number = 16 * 1024 ** 2;

/** Writes traces one after the other: memory holds a part of one. */
export function encodeTraces(
  parts: Parts,
  format: ExportFormat,
): AsyncGenerator<string | Uint8Array> {
  return ENCODERS[format](parts);
}

const ENCODERS: Readonly<
  Record<ExportFormat, (parts: Parts) => AsyncGenerator<string | Uint8Array>>
> = {
  'otlp-json': encodeDocument,
  'otlp-jsonl': encodeLines,
  'otlp-proto': encodeRequest,
};

async function* encodeDocument(parts: Parts): AsyncGenerator<string> {
  yield '{"resourceSpans":[';
  let separator = '';
  for await (const { spans } of parts) {
    for (const resourceSpans of encodeResourceSpansJson(spans)) {
      yield `${separator}\n${resourceSpans}`;
      separator = ',';
    }
  }
  yield '\n]}\n';
}

const LINE_START = '{"resourceSpans":[';
const LINE_END = ']}\n';

async function* encodeLines(parts: Parts): AsyncGenerator<string> {
  let lineTraceId: TraceId | undefined;
  let lineBytes = 0;
  for await (const { traceId, spans } of parts) {
    for (const resourceSpans of encodePieces(spans)) {
      const bytes = Buffer.byteLength(resourceSpans);
      const isOnLine = traceId === lineTraceId && lineBytes + 1 + bytes <= MAX_LINE_BYTES;
      const end = lineTraceId === undefined ? '' : LINE_END;
      yield isOnLine ? `,${resourceSpans}` : `${end}${LINE_START}${resourceSpans}`;
      lineBytes = isOnLine ? lineBytes + 1 + bytes : LINE_START.length + bytes + LINE_END.length;
      lineTraceId = traceId;
    }
  }
  if (lineTraceId !== undefined) yield LINE_END;
}

/** Elements of `resourceSpans`, joined, each text for a line; spans are halved until they fit, one alone as it is. */
function* encodePieces(spans: readonly Span[]): Generator<string> {
  const text = encodeResourceSpansJson(spans).join(',');
  const fits = LINE_START.length + Buffer.byteLength(text) + LINE_END.length <= MAX_LINE_BYTES;
  if (fits || spans.length === 1) {
    yield text;
    return;
  }
  const middle = spans.length >> 1;
  yield* encodePieces(spans.slice(0, middle));
  yield* encodePieces(spans.slice(middle));
}

/** Protobuf messages one after the other are one message with the fields of all. */
async function* encodeRequest(parts: Parts): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of parts) yield bytes;
}
