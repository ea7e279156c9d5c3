/** What real senders put on the wire, read as it was recorded, cut and damaged. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SpanBlock } from '@clew/model';
import type { Attribute } from '@clew/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSpans } from '../otlp/to-model.ts';
import { NO_REJECTIONS, decodeBroken } from '../testing/requests.ts';
import type { Decoder } from '../testing/zipkin-requests.ts';
import { decodeZipkinJson } from './decode-json.ts';
import { decodeZipkinProtobuf } from './decode-protobuf.ts';
import { decodeZipkinV1Json } from './decode-v1-json.ts';
import { decodeZipkinV1Thrift } from './decode-v1-thrift.ts';

const HERE = fileURLToPath(new URL('../../testdata/zipkin', import.meta.url));

const payloads = readdirSync(HERE, { recursive: true })
  .map(String)
  .filter((file) => /(?<!\.dump)\.(json|bin)$/.test(file))
  .sort();

describe.each(payloads)('%s', (file) => {
  const bytes = new Uint8Array(readFileSync(join(HERE, file)));
  const decode = decoderOf(file);

  test('is read as its dump says', async () => {
    const block = new SpanBlock('default');
    expect(decode(bytes, block)).toEqual(NO_REJECTIONS);
    const dump = JSON.stringify(readSpans(block), toDump, 2);
    await expect(`${dump}\n`).toMatchFileSnapshot(
      join(HERE, file.replace(/\.(json|bin)$/, '.dump.json')),
    );
  });

  test('cut anywhere, is read as far as it goes or refused', () => {
    for (let length = 0; length < bytes.length; length++) {
      decodeBroken((block) => decode(bytes.subarray(0, length), block));
    }
  });

  test('with bytes damaged, is read or refused', () => {
    const change = fc.record({
      at: fc.nat(bytes.length - 1),
      to: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = Uint8Array.from(bytes);
        for (const { at, to } of changes) damaged[at] = to;
        decodeBroken((block) => decode(damaged, block));
      }),
      { numRuns: 500 },
    );
  });
});

function decoderOf(file: string): Decoder {
  if (file.endsWith('.thrift.bin')) return decodeZipkinV1Thrift;
  if (file.endsWith('.proto.bin')) return decodeZipkinProtobuf;
  return file.endsWith('.v1.json') ? decodeZipkinV1Json : decodeZipkinJson;
}

/** Numbers of 64 bits as texts, and attributes sorted, for their order means nothing. */
function toDump(name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (name !== 'attributes') return value;
  return (value as Attribute[]).sort((a, b) => (a.key < b.key ? -1 : 1));
}
