import { SpanBlock } from '@clew/model';
import type { Span } from '@clew/model';
import {
  NO_DECODE_LIMITS,
  decodeTracesProtobuf,
  encodeResourceSpansJson,
  encodeTracesJson,
  readSpans,
} from '@clew/protocol';

/** What `clew export` writes; `clew import` reads all of them. */
export const EXPORT_FORMATS = ['otlp-json', 'otlp-jsonl', 'otlp-proto'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

type Traces = AsyncIterable<Uint8Array>;

/** Writes traces, each given as an OTLP protobuf request, one after the other: memory holds one of them. */
export function encodeTraces(
  traces: Traces,
  format: ExportFormat,
): AsyncGenerator<string | Uint8Array> {
  return ENCODERS[format](traces);
}

const ENCODERS: Readonly<
  Record<ExportFormat, (traces: Traces) => AsyncGenerator<string | Uint8Array>>
> = {
  'otlp-json': encodeDocument,
  'otlp-jsonl': encodeLines,
  'otlp-proto': encodeRequest,
};

async function* encodeDocument(traces: Traces): AsyncGenerator<string> {
  yield '{"resourceSpans":[';
  let separator = '';
  for await (const trace of traces) {
    for (const resourceSpans of encodeResourceSpansJson(decode(trace))) {
      yield `${separator}\n${resourceSpans}`;
      separator = ',';
    }
  }
  yield '\n]}\n';
}

async function* encodeLines(traces: Traces): AsyncGenerator<string> {
  for await (const trace of traces) yield `${encodeTracesJson(decode(trace))}\n`;
}

/** Protobuf messages one after the other are one message with the fields of all. */
async function* encodeRequest(traces: Traces): AsyncGenerator<Uint8Array> {
  yield* traces;
}

function decode(trace: Uint8Array): Span[] {
  const block = new SpanBlock('');
  decodeTracesProtobuf(trace, block, NO_DECODE_LIMITS);
  return readSpans(block);
}
