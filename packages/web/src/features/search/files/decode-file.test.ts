import { readFileSync } from 'node:fs';
import { DecodeError } from '@clew/model';
import { describe, expect, test } from 'vitest';
import { assembleTraces, decodeFile } from './decode-file.ts';
import { summaryOf } from './summary-of.ts';

/** What senders really wrote; see the folder of each. */
const recorded = (path: string) =>
  new Uint8Array(
    readFileSync(new URL(`../../../../../protocol/testdata/${path}`, import.meta.url)),
  );
const bytes = (text: string) => new TextEncoder().encode(text);

function framed(message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(4 + message.length);
  new DataView(frame.buffer).setUint32(0, message.length);
  frame.set(message, 4);
  return frame;
}

const OTLP_JSON = recorded('otlp/opentelemetry-js-2.12/order.json');
const OTLP_PROTO = recorded('otlp/opentelemetry-js-2.12/order.bin');

function tracesOf(file: Uint8Array) {
  const decoded = decodeFile(file);
  return assembleTraces(decoded?.spans ?? []);
}

describe('a file', () => {
  const wanted = tracesOf(OTLP_JSON);

  test('of OTLP is read in each of its four forms alike', () => {
    expect(wanted[0]?.spans.length).toBeGreaterThan(1);
    const oneLine = JSON.stringify(JSON.parse(new TextDecoder().decode(OTLP_JSON)));
    expect(tracesOf(bytes(`${oneLine}\n\n${oneLine}\n`))).toEqual(wanted);
    expect(tracesOf(OTLP_PROTO)).toEqual(wanted);
    expect(tracesOf(framed(OTLP_PROTO))).toEqual(wanted);
  });

  test('of Jaeger is read as its UI saves it', () => {
    const [trace] = tracesOf(recorded('jaeger/jaeger-ui-spec/order.ui.json'));
    expect(trace?.spans.length).toBeGreaterThan(1);
    expect(
      summaryOf(trace ?? { traceId: wanted[0]?.traceId ?? ('' as never), spans: [] }),
    ).toMatchObject({
      spanCount: trace?.spans.length,
      rootService: trace?.spans[0]?.resource.service,
    });
  });

  test('of Zipkin is a list of spans, or a list of traces', () => {
    const span = (id: string, name: string) =>
      `{"traceId":"abc","id":"${id}","name":"${name}","timestamp":1795000000000000,"duration":5,"localEndpoint":{"serviceName":"shop"}}`;
    const [trace] = tracesOf(bytes(`[${span('d01', 'a')},${span('d02', 'b')}]`));
    expect(trace?.spans.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(tracesOf(bytes(`[[${span('d01', 'a')}],[${span('d02', 'b')}]]`))).toEqual([trace]);
  });

  test('that holds no traces is told from one that is broken', () => {
    expect(decodeFile(bytes('hello'))).toBeUndefined();
    expect(decodeFile(bytes('{"some":"json"}'))).toBeUndefined();
    expect(() => decodeFile(OTLP_JSON.subarray(0, OTLP_JSON.length - 10))).toThrow(DecodeError);
    const frame = framed(OTLP_PROTO);
    expect(() => decodeFile(frame.subarray(0, frame.length - 1))).toThrow(DecodeError);
  });

  test('tells how many of its spans could not be read, and why', () => {
    const decoded = decodeFile(
      bytes('[{"traceId":"xyz","id":"1","name":"a"},{"traceId":"abc","id":"1","name":"b"}]'),
    );
    expect(decoded?.spans).toHaveLength(1);
    expect(decoded?.rejectedCount).toBe(1);
    expect(decoded?.reasons[0]).toContain('id');
  });
});

test('a summary names the root and counts by service', () => {
  const [trace] = tracesOf(OTLP_JSON);
  if (trace === undefined) throw new Error('the recorded order has no trace');
  const summary = summaryOf(trace);
  const root = trace.spans.find(({ parentSpanId }) => parentSpanId === undefined);
  expect(summary).toMatchObject({ rootSpanName: root?.name ?? '', spanCount: trace.spans.length });
  expect(summary.services.reduce((sum, { spanCount }) => sum + spanCount, 0)).toBe(
    trace.spans.length,
  );
});
