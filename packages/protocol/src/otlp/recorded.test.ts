import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SpanBlock } from '@clew/model';
import type { Span } from '@clew/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readOtlp } from '../testing/otlp-oracle.ts';
import { NO_REJECTIONS, decode, decodeBroken } from '../testing/requests.ts';
import { decodeTracesJson } from './decode-json.ts';
import { decodeTracesProtobuf } from './decode.ts';
import { encodeTracesProtobuf } from './encode.ts';
import { readSpans } from './to-model.ts';

const TESTDATA = join(dirname(fileURLToPath(import.meta.url)), '../../testdata/otlp');

/** Paths without their endings, such as `opentelemetry-js-2.12/order`. */
const recordings = readdirSync(TESTDATA, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.bin'))
  .map((path) => path.slice(0, -'.bin'.length));

const read = (path: string) => readFileSync(join(TESTDATA, path));

function decodeJson(bytes: Uint8Array): Span[] {
  const block = new SpanBlock('default');
  expect(decodeTracesJson(bytes, block)).toEqual(NO_REJECTIONS);
  return readSpans(block);
}

describe.each(recordings)('recorded request %s', (recording) => {
  const protobuf = read(`${recording}.bin`);
  const json = read(`${recording}.json`);
  const dump: unknown = JSON.parse(read(`${recording}.dump.json`).toString());

  test('is read and written with nothing lost, as another implementation reads it', () => {
    const { spans, rejected } = decode(protobuf);
    expect(rejected).toEqual(NO_REJECTIONS);
    expect(readOtlp('ExportTraceServiceRequest', encodeTracesProtobuf(spans))).toEqual(dump);
  });

  test('is the same after writing and reading it again', () => {
    const { spans } = decode(protobuf);
    expect(decode(encodeTracesProtobuf(spans)).spans).toEqual(spans);
  });

  test('says the same in JSON', () => {
    expect(decodeJson(json)).toEqual(decode(protobuf).spans);
  });

  test('cut anywhere, is read as far as it goes or refused', () => {
    for (let length = 0; length < protobuf.length; length++) {
      decodeBroken((block) => decodeTracesProtobuf(protobuf.subarray(0, length), block));
    }
    for (let length = 0; length < json.length; length++) {
      decodeBroken((block) => decodeTracesJson(json.subarray(0, length), block));
    }
  });

  test('with any bytes damaged, is read or refused', () => {
    const change = fc.record({
      at: fc.nat(protobuf.length - 1),
      to: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = Uint8Array.from(protobuf);
        for (const { at, to } of changes) damaged[at] = to;
        decodeBroken((block) => decodeTracesProtobuf(damaged, block));
      }),
      { numRuns: 1000 },
    );
  });

  test('in JSON with any byte damaged, is read or refused', () => {
    fc.assert(
      fc.property(fc.nat(json.length - 1), fc.integer({ min: 32, max: 126 }), (at, to) => {
        const damaged = Uint8Array.from(json);
        damaged[at] = to;
        decodeBroken((block) => decodeTracesJson(damaged, block));
      }),
      { numRuns: 500 },
    );
  });
});
