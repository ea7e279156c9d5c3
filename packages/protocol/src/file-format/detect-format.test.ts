import { describe, expect, test } from 'vitest';
import { encodeRequest, spanMessage } from '../testing/requests.ts';
import { FORMAT_HEAD_BYTES, detectTraceFileFormat } from './detect-format.ts';
import type { TraceFileFormat } from './detect-format.ts';

const OTLP = { resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'a\n"b' }] }] }] };
const request = encodeRequest([spanMessage()]);

function framed(length: number): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(length);
  return Buffer.concat([head, request]);
}

describe('detectTraceFileFormat', () => {
  test.each<[string, TraceFileFormat, string | Uint8Array]>([
    ['a document over many lines', 'otlp-json', JSON.stringify(OTLP, undefined, 2)],
    ['a document that begins its list in the first line', 'otlp-json', '{"resourceSpans": [\n{}]}'],
    ['a document in one line', 'otlp-jsonl', JSON.stringify(OTLP)],
    ['a line each', 'otlp-jsonl', `${JSON.stringify(OTLP)}\n${JSON.stringify(OTLP)}\n`],
    [
      'a line each, the first one torn',
      'otlp-jsonl',
      '{"resourceSpans":[{"reso\n{"resourceSpans":[]}',
    ],
    ['a byte order mark', 'otlp-json', `\ufeff${JSON.stringify(OTLP, undefined, 2)}`],
    ['Jaeger, with its list first', 'jaeger-json', '{"data":[{"traceID":"1","spans":[{'],
    ['Jaeger, with its list last', 'jaeger-json', '{"total":0,"errors":null,"data":[]}'],
    ['one Jaeger trace', 'jaeger-json', '{"traceID":"1","spans":[],"processes":{}}'],
    ['Zipkin', 'zipkin-json', ' [{"traceId":"1"}]'],
    ['Zipkin without spans', 'zipkin-json', '[]'],
    ['a protobuf request', 'otlp-proto', request],
    ['framed protobuf', 'otlp-proto-framed', framed(request.length)],
    ['a large frame', 'otlp-proto-framed', framed(100 * 1024 * 1024)],
  ])('recognises %s', (_, format, head) => {
    expect(detectTraceFileFormat(Buffer.from(head))).toBe(format);
  });

  test.each<[string, string | Uint8Array]>([
    ['nothing', ''],
    ['prose', 'hello, world'],
    ['another object', '{"foo":{"resourceSpans":[]}}'],
    ['an object whose text looks like ours', '{"foo":"\\"resourceSpans\\":"}'],
    ['noise', Buffer.from([0xff, 0xfe, 0, 1, 2, 3])],
  ])('does not recognise %s', (_, head) => {
    expect(detectTraceFileFormat(Buffer.from(head))).toBeUndefined();
  });

  test('needs no more than the beginning', () => {
    const long = { resource: { attributes: [{ key: 'x'.repeat(100_000) }] } };
    const whole = Buffer.from(JSON.stringify({ resourceSpans: [long] }));
    expect(detectTraceFileFormat(whole.subarray(0, FORMAT_HEAD_BYTES))).toBe('otlp-jsonl');
  });
});
