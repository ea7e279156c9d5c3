import { SpanBlock } from '@clew/model';
import type { Span } from '@clew/model';
import {
  decodeJaegerAgentMessage,
  decodeJaegerPostSpans,
  decodeJaegerThrift,
  decodeTracesJson,
  decodeTracesProtobuf,
  decodeZipkinJson,
  decodeZipkinProtobuf,
  decodeZipkinV1Json,
  decodeZipkinV1Thrift,
  encodeTracesJson,
  readSpans,
} from '@clew/protocol';
import { decodePostSpans } from '../../../packages/protocol/src/testing/jaeger-oracle.ts';
import { decodeOtlp } from '../../../packages/protocol/src/testing/otlp-oracle.ts';
import { decodeListOfSpans } from '../../../packages/protocol/src/testing/zipkin-oracle.ts';
import { formatTable, keepResult } from '../keep-result.ts';
import { createTemplates } from '../load/request-template.ts';
import { writeJaegerBatch, writeJaegerDatagram, writeJaegerProtobuf } from './jaeger-payloads.ts';
import {
  writeZipkinJson,
  writeZipkinListOfSpans,
  writeZipkinV1Json,
  writeZipkinV1Thrift,
} from './zipkin-payloads.ts';

export interface DecodeOptions {
  /** In each request. */
  readonly spans: number;
  /** For each decoder. */
  readonly seconds: number;
}

/** What a decoder took. */
export interface DecodeFigures {
  readonly name: string;
  readonly spansPerSecond: number;
  readonly cpuMicrosPerSpan: number;
  readonly bytesPerSecond: number;
  readonly bytesPerSpan: number;
}

/** A decoder and what it decodes; `decode` gives the number of spans. */
interface DecodeCase {
  readonly name: string;
  readonly requests: readonly Uint8Array[];
  readonly decode: (bytes: Uint8Array) => number;
}

const REQUEST_PAIRS = 2;
const WARM_UP_MS = 1500;
const REFERENCE = 'protobufjs on the OTLP protobuf';

/**
 * Every decoder alone: the same spans in each format, from bytes into the columns of a block; the protobuf formats beside
 * what protobufjs takes for making its objects of the same bytes, which is the whole of what others are set beside, too. A block is made for each request, as receivers do.
 */
export function benchDecode({ spans, seconds }: DecodeOptions): void {
  const results = createCases(spans).map((each) => {
    run(each, WARM_UP_MS);
    return run(each, 1000 * seconds);
  });
  const reference = results.find(({ name }) => name === REFERENCE)?.cpuMicrosPerSpan ?? Number.NaN;
  const header = ['decoder', 'spans/s', 'µs CPU/span', 'MB/s', 'bytes/span', '× protobufjs'];
  const rows = results.map((result) => [
    result.name,
    Math.round(result.spansPerSecond).toLocaleString('en'),
    result.cpuMicrosPerSpan.toFixed(2),
    (result.bytesPerSecond / 1e6).toFixed(0),
    result.bytesPerSpan.toFixed(0),
    (reference / result.cpuMicrosPerSpan).toFixed(1),
  ]);
  console.log(formatTable(header, rows));
  console.log(`\nkept in ${keepResult('decode', { options: { spans, seconds }, results })}`);
}

function run({ name, requests, decode }: DecodeCase, durationMs: number): DecodeFigures {
  let bytes = 0;
  let spans = 0;
  const before = process.cpuUsage();
  const startMs = performance.now();
  while (performance.now() - startMs < durationMs) {
    for (const request of requests) {
      spans += decode(request);
      bytes += request.length;
    }
  }
  const elapsedMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(before);
  return {
    name,
    spansPerSecond: (1000 * spans) / elapsedMs,
    cpuMicrosPerSpan: (user + system) / spans,
    bytesPerSecond: (1000 * bytes) / elapsedMs,
    bytesPerSpan: bytes / spans,
  };
}

function createCases(spansPerRequest: number): readonly DecodeCase[] {
  const otlp = createTemplates(REQUEST_PAIRS, spansPerRequest).map((template, index) => {
    template.stamp({ seed: 1, request: index, nowUnixMs: Date.now() });
    return template.bytes;
  });
  const spans = otlp.map(readRequest);
  const ofOneService = spans.map(ofOneResource);
  const into = (
    decode: (bytes: Uint8Array, block: SpanBlock) => { readonly count: number },
  ): DecodeCase['decode'] => {
    return (bytes) => {
      const block = new SpanBlock('default');
      if (decode(bytes, block).count > 0) throw new Error('spans were refused');
      return block.spanCount;
    };
  };
  const caseOf = (
    name: string,
    requests: readonly Uint8Array[],
    decode: Parameters<typeof into>[0],
  ): DecodeCase => ({ name, requests, decode: into(decode) });
  const objectsOf = (
    name: string,
    requests: readonly Uint8Array[],
    decode: (bytes: Uint8Array) => unknown,
  ): DecodeCase => ({
    name,
    requests,
    decode: (bytes) => {
      decode(bytes);
      return spansPerRequest;
    },
  });
  const jaegerProtobuf = ofOneService.map(writeJaegerProtobuf);
  const zipkinProtobuf = spans.map(writeZipkinListOfSpans);
  return [
    caseOf('OTLP protobuf', otlp, decodeTracesProtobuf),
    objectsOf(REFERENCE, otlp, (bytes) => decodeOtlp('ExportTraceServiceRequest', bytes)),
    caseOf(
      'OTLP JSON',
      spans.map((each) => Buffer.from(encodeTracesJson(each))),
      decodeTracesJson,
    ),
    caseOf('Jaeger thrift, binary', ofOneService.map(writeJaegerBatch), decodeJaegerThrift),
    caseOf(
      'Jaeger agent, compact',
      ofOneService.map((each) => writeJaegerDatagram(each, 'compact')),
      (bytes, block) => decodeJaegerAgentMessage(bytes, block, { encoding: 'compact' }),
    ),
    caseOf(
      'Jaeger agent, binary',
      ofOneService.map((each) => writeJaegerDatagram(each, 'binary')),
      (bytes, block) => decodeJaegerAgentMessage(bytes, block, { encoding: 'binary' }),
    ),
    caseOf('Jaeger protobuf', jaegerProtobuf, decodeJaegerPostSpans),
    objectsOf('protobufjs on the Jaeger protobuf', jaegerProtobuf, decodePostSpans),
    caseOf('Zipkin v2 JSON', spans.map(writeZipkinJson), decodeZipkinJson),
    caseOf('Zipkin v2 protobuf', zipkinProtobuf, decodeZipkinProtobuf),
    objectsOf('protobufjs on the Zipkin protobuf', zipkinProtobuf, decodeListOfSpans),
    caseOf('Zipkin v1 JSON', spans.map(writeZipkinV1Json), decodeZipkinV1Json),
    caseOf('Zipkin v1 thrift', spans.map(writeZipkinV1Thrift), decodeZipkinV1Thrift),
  ];
}

function readRequest(bytes: Uint8Array): readonly Span[] {
  const block = new SpanBlock('default');
  decodeTracesProtobuf(bytes, block);
  return readSpans(block);
}

/** Jaeger's batches come from one process each. */
function ofOneResource(spans: readonly Span[]): readonly [Span, ...Span[]] {
  const [first, ...others] = spans;
  if (first === undefined) throw new Error('a request without spans');
  const { resource } = first;
  return [first, ...others.map((span) => Object.assign({}, span, { resource }))];
}
