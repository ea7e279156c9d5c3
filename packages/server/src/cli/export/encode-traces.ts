import { encodeResourceSpansJson } from '@clew/protocol';
import type { TracePart } from './read-traces.ts';

/** What `clew export` writes; `clew import` reads all of them. */
export const EXPORT_FORMATS = ['otlp-json', 'otlp-jsonl', 'otlp-proto'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

type Parts = AsyncIterable<TracePart>;

/** Of a trace as protobuf. A larger one is several lines, because lines are read whole. */
const MAX_LINE_BYTES = 16 * 1024 ** 2;

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

async function* encodeLines(parts: Parts): AsyncGenerator<string> {
  let lineTraceId = '';
  let lineBytes = 0;
  for await (const { traceId, bytes, spans } of parts) {
    const resourceSpans = encodeResourceSpansJson(spans).join(',');
    lineBytes += bytes.length;
    if (traceId === lineTraceId && lineBytes <= MAX_LINE_BYTES) {
      yield `,${resourceSpans}`;
      continue;
    }
    const end = lineTraceId === '' ? '' : ']}\n';
    yield `${end}{"resourceSpans":[${resourceSpans}`;
    lineTraceId = traceId;
    lineBytes = bytes.length;
  }
  if (lineTraceId !== '') yield ']}\n';
}

/** Protobuf messages one after the other are one message with the fields of all. */
async function* encodeRequest(parts: Parts): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of parts) yield bytes;
}
