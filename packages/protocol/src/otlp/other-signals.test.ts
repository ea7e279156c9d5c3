import { DecodeError } from '@clew/model';
import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { countSignalItems, encodeSignalResponse } from './other-signals.ts';
import type { OtherSignal } from './other-signals.ts';

const one = (id: number, type: string) => ({ id, type });
const list = (id: number, type: string) => ({ id, type, rule: 'repeated' });

/** The parts of the published .proto files that are counted. */
const root = protobuf.Root.fromJSON({
  nested: {
    Metrics: { fields: { resourceMetrics: list(1, 'ResourceMetrics') } },
    ResourceMetrics: {
      fields: { scopeMetrics: list(2, 'ScopeMetrics'), schemaUrl: one(3, 'string') },
    },
    ScopeMetrics: { fields: { metrics: list(2, 'Metric') } },
    Metric: {
      fields: {
        name: one(1, 'string'),
        gauge: one(5, 'Points'),
        sum: one(7, 'Points'),
        histogram: one(9, 'Points'),
        exponentialHistogram: one(10, 'Points'),
        summary: one(11, 'Points'),
      },
    },
    Points: { fields: { dataPoints: list(1, 'Point'), temporality: one(2, 'int32') } },
    Point: { fields: { time: one(3, 'fixed64') } },
    Logs: { fields: { resourceLogs: list(1, 'ResourceLogs') } },
    ResourceLogs: { fields: { scopeLogs: list(2, 'ScopeLogs') } },
    ScopeLogs: { fields: { logRecords: list(2, 'Point') } },
    Profiles: { fields: { resourceProfiles: list(1, 'ResourceProfiles') } },
    ResourceProfiles: { fields: { scopeProfiles: list(2, 'ScopeProfiles') } },
    ScopeProfiles: { fields: { profiles: list(2, 'Point') } },
    Response: { fields: { partialSuccess: one(1, 'PartialSuccess') } },
    PartialSuccess: { fields: { rejected: one(1, 'int64'), errorMessage: one(2, 'string') } },
  },
});

const points = (count: number) => Array.from({ length: count }, () => ({ time: 5 }));
const pointsOf = (count: number) => ({ dataPoints: points(count), temporality: 2 });

const REQUESTS: readonly (readonly [OtherSignal, string, object, number])[] = [
  [
    'metrics',
    'Metrics',
    {
      resourceMetrics: [
        {
          schemaUrl: 'x',
          scopeMetrics: [
            {
              metrics: [
                { name: 'a', gauge: pointsOf(1) },
                { name: 'b', sum: pointsOf(2) },
                { name: 'c', histogram: pointsOf(3) },
                { name: 'd', exponentialHistogram: pointsOf(4) },
                { name: 'e', summary: pointsOf(5) },
                { name: 'without points' },
              ],
            },
          ],
        },
        { scopeMetrics: [{ metrics: [{ gauge: pointsOf(6) }] }, {}] },
      ],
    },
    21,
  ],
  ['logs', 'Logs', { resourceLogs: [{ scopeLogs: [{ logRecords: points(7) }, {}] }, {}] }, 7],
  [
    'profiles',
    'Profiles',
    { resourceProfiles: [{ scopeProfiles: [{ profiles: points(3) }, { profiles: points(1) }] }] },
    4,
  ],
];

describe.each(REQUESTS)('%s', (signal, type, request, count) => {
  const bytes = root.lookupType(type).encode(request).finish();

  test('are counted in protobuf', () => {
    expect(countSignalItems(bytes, { signal, encoding: 'protobuf' })).toBe(count);
  });

  test('are counted in JSON', () => {
    const json = Buffer.from(JSON.stringify(request));
    expect(countSignalItems(json, { signal, encoding: 'json' })).toBe(count);
  });

  test('that are cut off anywhere are counted or refused', () => {
    for (let length = 0; length < bytes.length; length++) {
      try {
        const found = countSignalItems(bytes.subarray(0, length), { signal, encoding: 'protobuf' });
        expect(found).toBeLessThanOrEqual(count);
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError);
      }
    }
  });

  test('that are none are refused, or nothing', () => {
    const count = (text: string) =>
      countSignalItems(Buffer.from(text), { signal, encoding: 'json' });
    for (const text of ['{}', 'null', '[]', '5', '"resourceMetrics"']) expect(count(text)).toBe(0);
    for (const text of ['', '{', 'x']) expect(() => count(text)).toThrow(DecodeError);
  });
});

test('a response says how many were not kept', () => {
  const response = encodeSignalResponse(21, 'no', { signal: 'metrics', encoding: 'protobuf' });
  const type = root.lookupType('Response');
  const decoded = type.toObject(type.decode(response as Uint8Array), { longs: Number });
  expect(decoded).toEqual({ partialSuccess: { rejected: 21, errorMessage: 'no' } });
  expect(encodeSignalResponse(7, 'no', { signal: 'logs', encoding: 'json' })).toBe(
    '{"partialSuccess":{"rejectedLogRecords":"7","errorMessage":"no"}}',
  );
});
