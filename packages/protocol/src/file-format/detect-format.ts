/** The forms in which files hold traces. */
export const TRACE_FILE_FORMATS = [
  /** One OTLP JSON document. */
  'otlp-json',
  /** An OTLP JSON request a line, as the OpenTelemetry Collector's file exporter writes them. */
  'otlp-jsonl',
  /** One OTLP protobuf request. */
  'otlp-proto',
  /** OTLP protobuf requests, each with its length in front: 4 bytes, big-endian. Also the Collector's. */
  'otlp-proto-framed',
  /** What Jaeger's UI downloads and its query API answers: `{"data":[…]}`. */
  'jaeger-json',
  /** A list of Zipkin v2 spans. */
  'zipkin-json',
] as const;

export type TraceFileFormat = (typeof TRACE_FILE_FORMATS)[number];

/** How much of a file is enough to tell its format. */
export const FORMAT_HEAD_BYTES: number = 64 * 1024;

/**
 * Tells a file's format from its beginning (`FORMAT_HEAD_BYTES` of it, decompressed); `undefined` when it is none of
 * ours.
 *
 * Protobuf: a request begins with the tag 0x0a of its only field. No length in front of a request begins with a byte as
 * large, unless the request has 160 MiB or more, and no tag of a field with a number is smaller than 8.
 */
export function detectTraceFileFormat(head: Uint8Array): TraceFileFormat | undefined {
  const text = new TextDecoder().decode(head).trimStart();
  if (text.startsWith('{')) return detectObject(text);
  if (text.startsWith('[')) return 'zipkin-json';
  if (head[0] === 0x0a) return 'otlp-proto';
  const isFramed = head.length > 4 && (head[0] ?? 0) < 8 && head[4] === 0x0a;
  return isFramed ? 'otlp-proto-framed' : undefined;
}

function detectObject(text: string): TraceFileFormat | undefined {
  const keys = readKeys(text);
  if (keys.includes('resourceSpans')) return continuesInNextLine(text) ? 'otlp-json' : 'otlp-jsonl';
  // The second is one trace of such an answer, taken out of its list.
  if (keys.includes('data') || keys.includes('traceID')) return 'jaeger-json';
  return undefined;
}

/**
 * Whether the first line is only a part of a document. A document that is one line is the same as a file of one line,
 * and of a file whose first line is torn the others can still be read.
 */
function continuesInNextLine(text: string): boolean {
  const lineEnd = text.indexOf('\n');
  return lineEnd >= 0 && /[{[:,]\s*$/.test(text.slice(0, lineEnd));
}

/** Texts and punctuation. A text that breaks off ends with the rest, so that nothing is looked at twice. */
const TOKENS = /"([^"\\]*(?:\\.[^"\\]*)*)(?:"|\\?$)|[{}[\]:]/gs;

/** The keys of the outermost object, as far as `text` goes; it may break off anywhere. */
function readKeys(text: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  let string = '';
  for (const [token, content] of text.matchAll(TOKENS)) {
    if (content !== undefined) string = content;
    else if (token === ':') {
      if (depth === 1) keys.push(string);
    } else depth += token === '{' || token === '[' ? 1 : -1;
    // What follows the first object is another line.
    if (depth === 0) break;
  }
  return keys;
}
