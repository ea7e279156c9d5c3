/**
 * Reads files of traces in the browser: what `clew import` reads, but for compression with zstd. The whole file is in memory, so
 * that large ones are sent on instead (`MAX_OPEN_BYTES`).
 */
import { DecodeError, SpanBlock, assembleTrace } from '@clew/model';
import type { Span, Trace, TraceId } from '@clew/model';
import {
  FORMAT_HEAD_BYTES,
  NO_DECODE_LIMITS,
  decodeJaegerJson,
  decodeTracesJson,
  decodeTracesProtobuf,
  decodeZipkinJson,
  detectTraceFileFormat,
  readSpans,
} from '@clew/protocol';
import type { RejectedSpans, TraceFileFormat } from '@clew/protocol';

export interface DecodedFile {
  readonly spans: readonly Span[];
  /** Spans that could not be read, and why; distinct reasons, the first few. */
  readonly rejectedCount: number;
  readonly reasons: readonly string[];
}

/** Reads all spans of a file that is not compressed; undefined where its form is none that is known. Throws `DecodeError`. */
export function decodeFile(bytes: Uint8Array): DecodedFile | undefined {
  const format = detectTraceFileFormat(bytes.subarray(0, FORMAT_HEAD_BYTES));
  if (format === undefined) return undefined;
  const { block, rejections, spans } = decodeFormat(bytes, format);
  return {
    spans: [...spans, ...readSpans(block)],
    rejectedCount: rejections.reduce((sum, { count }) => sum + count, 0),
    reasons: [...new Set(rejections.flatMap(({ reasons }) => reasons))].slice(0, MAX_REASONS),
  };
}

/** Each trace of the spans, whole. */
export function assembleTraces(spans: readonly Span[]): readonly Trace[] {
  const byTrace = new Map<TraceId, Span[]>();
  for (const span of spans) {
    const others = byTrace.get(span.traceId);
    if (others === undefined) byTrace.set(span.traceId, [span]);
    else others.push(span);
  }
  return [...byTrace].map(([traceId, members]) => assembleTrace(traceId, members));
}

const MAX_REASONS = 5;

interface Decoded {
  readonly block: SpanBlock;
  readonly rejections: readonly RejectedSpans[];
  readonly spans: readonly Span[];
}

type Decode = (bytes: Uint8Array, block: SpanBlock) => Omit<Decoded, 'block'>;

const DECODERS: Readonly<Record<TraceFileFormat, Decode>> = {
  'otlp-json': (bytes, block) => into(decodeTracesJson(bytes, block, NO_DECODE_LIMITS)),
  'otlp-jsonl': (bytes, block) =>
    into(...linesOf(bytes).map((line) => decodeTracesJson(line, block, NO_DECODE_LIMITS))),
  'otlp-proto': (bytes, block) => into(decodeTracesProtobuf(bytes, block, NO_DECODE_LIMITS)),
  'otlp-proto-framed': (bytes, block) =>
    into(...framesOf(bytes).map((frame) => decodeTracesProtobuf(frame, block, NO_DECODE_LIMITS))),
  'zipkin-json': (bytes, block) =>
    into(decodeZipkinJson(flattenTraces(bytes), block, NO_DECODE_LIMITS)),
  'jaeger-json': (bytes) => ({
    rejections: [],
    spans: decodeJaegerJson(bytes, NO_DECODE_LIMITS),
  }),
};

function decodeFormat(bytes: Uint8Array, format: TraceFileFormat): Decoded {
  // Whose spans they are is for a server to say.
  const block = new SpanBlock('');
  return { block, ...DECODERS[format](bytes, block) };
}

/** The spans are in the block. */
function into(...rejections: readonly RejectedSpans[]): Omit<Decoded, 'block'> {
  return { rejections, spans: [] };
}

const LINE_FEED = 0x0a;

/** The lines that have something in them. */
function linesOf(bytes: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(LINE_FEED, start);
    const line = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (line.some((byte) => byte > 0x20)) lines.push(line);
    start += line.length + 1;
  }
  return lines;
}

/** Each message has its length in front, in 4 bytes, big-endian. */
function framesOf(bytes: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = at + 4 <= bytes.length ? view.getUint32(at) : Number.POSITIVE_INFINITY;
    const end = at + 4 + length;
    if (end > bytes.length) {
      throw new DecodeError('the last message is truncated', {
        format: 'otlp protobuf',
        offset: at,
      });
    }
    frames.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return frames;
}

/** Zipkin's search answers with a list of traces, each a list of spans. */
function flattenTraces(bytes: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(bytes);
  if (!/^\s*\[\s*\[/.test(text)) return bytes;
  try {
    return new TextEncoder().encode(JSON.stringify((JSON.parse(text) as unknown[]).flat()));
  } catch {
    return bytes; // The decoder says what is wrong and where.
  }
}
