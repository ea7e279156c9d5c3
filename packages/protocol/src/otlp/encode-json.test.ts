import { SpanBlock } from '@clew/model';
import type { Span } from '@clew/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitrarySpans } from '../testing/arbitrary-span.ts';
import { readOtlp, writeOtlp } from '../testing/otlp-oracle.ts';
import { NO_REJECTIONS } from '../testing/requests.ts';
import { decodeTracesJson } from './decode-json.ts';
import { encodeTracesJson } from './encode-json.ts';
import { encodeTracesProtobuf } from './encode.ts';
import { readSpans } from './to-model.ts';

/** A request in JSON as another implementation reads it, which knows ids only as bytes. */
function read(json: string): unknown {
  const request = JSON.parse(json, (name, value: unknown) =>
    ['traceId', 'spanId', 'parentSpanId'].includes(name)
      ? Buffer.from(value as string, 'hex')
      : value,
  ) as Record<string, unknown>;
  return readOtlp('ExportTraceServiceRequest', writeOtlp('ExportTraceServiceRequest', request));
}

function decode(json: string): readonly Span[] {
  const block = new SpanBlock('default');
  expect(decodeTracesJson(Buffer.from(json), block)).toEqual(NO_REJECTIONS);
  return readSpans(block);
}

describe('encodeTracesJson', () => {
  test('says the same as the protobuf encoder, as another implementation reads both', () => {
    fc.assert(
      fc.property(arbitrarySpans, (spans) => {
        expect(read(encodeTracesJson(spans))).toEqual(
          readOtlp('ExportTraceServiceRequest', encodeTracesProtobuf(spans)),
        );
      }),
      { numRuns: 200 },
    );
  });

  test('is read back as it was', () => {
    fc.assert(
      fc.property(arbitrarySpans, (spans) => {
        expect(decode(encodeTracesJson(spans))).toEqual(spans);
      }),
      { numRuns: 200 },
    );
  });

  test('writes ids in hexadecimal, large numbers as text, enums as numbers and bytes in base64', () => {
    const [span] = decode(
      JSON.stringify({
        resourceSpans: [
          {
            scopeSpans: [
              {
                spans: [
                  {
                    traceId: '5b8efff798038103d269b633813fc60c',
                    spanId: 'eee19b7ec3c1b174',
                    name: 'get-user',
                    kind: 3,
                    startTimeUnixNano: '1700000000000000001',
                    endTimeUnixNano: '1700000000000000002',
                    attributes: [
                      { key: 'count', value: { intValue: '9007199254740993' } },
                      { key: 'none', value: { doubleValue: 'NaN' } },
                      { key: 'zero', value: { doubleValue: -0 } },
                      { key: 'raw', value: { bytesValue: '/+8=' } },
                    ],
                    status: { code: 2 },
                  },
                ],
              },
            ],
          },
        ],
      }),
    );
    const written = encodeTracesJson(span === undefined ? [] : [span]);
    expect(written).not.toContain('\n');
    expect(JSON.parse(written)).toMatchObject({
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                {
                  traceId: '5b8efff798038103d269b633813fc60c',
                  spanId: 'eee19b7ec3c1b174',
                  kind: 3,
                  startTimeUnixNano: '1700000000000000001',
                  endTimeUnixNano: '1700000000000000002',
                  attributes: [
                    { key: 'count', value: { intValue: '9007199254740993' } },
                    { key: 'none', value: { doubleValue: 'NaN' } },
                    { key: 'zero', value: { doubleValue: 0 } },
                    { key: 'raw', value: { bytesValue: '/+8=' } },
                  ],
                  status: { code: 2 },
                },
              ],
            },
          ],
        },
      ],
    });
  });

  test('writes a request without spans', () => {
    expect(encodeTracesJson([])).toBe('{"resourceSpans":[]}');
  });
});
