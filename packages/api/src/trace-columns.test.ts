import { DecodeError } from '@clew/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeTraceColumns } from './trace-columns.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

/** Offsets for two spans and one event, each column at the next multiple of 8. */
const OFFSETS = {
  startsNs: 0,
  durationsNs: 16,
  eventTimesNs: 32,
  spanIds: 40,
  parents: 56,
  serviceIndexes: 64,
  nameIndexes: 72,
  attributeCounts: 80,
  linkCounts: 88,
  eventFirsts: 96,
  eventNameIndexes: 112,
  kinds: 120,
  statuses: 128,
  cancelled: 136,
};
const COLUMN_BYTES = 144;

const HEADER = {
  traceId: TRACE_ID,
  startUnixNano: '1795000000123456789',
  spanCount: 2,
  eventCount: 1,
  missingParentCount: 1,
  services: ['shop', 'a/b'],
  names: ['GET /', 'café'],
  eventNames: ['exception'],
  offsets: OFFSETS,
};

/** The bytes of the example, written by hand as the format is described. */
function exampleBytes(header: object = HEADER): ArrayBuffer {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(16 + headerLength + COLUMN_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode('CLWC'));
  view.setUint32(4, 1, true);
  view.setUint32(8, headerLength, true);
  bytes.fill(32, 16, 16 + headerLength);
  bytes.set(json, 16);
  const start = 16 + headerLength;
  view.setFloat64(start + OFFSETS.startsNs + 8, 1500, true);
  view.setFloat64(start + OFFSETS.durationsNs, 2 ** 53, true);
  view.setFloat64(start + OFFSETS.eventTimesNs, -7, true);
  bytes.set([1, 2, 3, 4, 5, 6, 7, 8, 9], start + OFFSETS.spanIds);
  view.setInt32(start + OFFSETS.parents, -2, true);
  view.setUint32(start + OFFSETS.serviceIndexes + 4, 1, true);
  view.setUint32(start + OFFSETS.eventFirsts + 8, 1, true);
  bytes.set([2, 3], start + OFFSETS.kinds);
  bytes.set([0, 2], start + OFFSETS.statuses);
  bytes.set([0, 1], start + OFFSETS.cancelled);
  return bytes.buffer;
}

describe('decodeTraceColumns', () => {
  test('gives views of the bytes', () => {
    const bytes = exampleBytes();
    const columns = decodeTraceColumns(bytes);
    expect(columns).toMatchObject({
      traceId: TRACE_ID,
      startUnixNano: 1_795_000_000_123_456_789n,
      spanCount: 2,
      missingParentCount: 1,
      services: ['shop', 'a/b'],
      names: ['GET /', 'café'],
      eventNames: ['exception'],
      startsNs: Float64Array.of(0, 1500),
      durationsNs: Float64Array.of(2 ** 53, 0),
      eventTimesNs: Float64Array.of(-7),
      spanIds: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0, 0, 0, 0, 0),
      parents: Int32Array.of(-2, 0),
      serviceIndexes: Uint32Array.of(0, 1),
      eventFirsts: Uint32Array.of(0, 0, 1),
      kinds: Uint8Array.of(2, 3),
      statuses: Uint8Array.of(0, 2),
      cancelled: Uint8Array.of(0, 1),
    });
    expect(columns.startsNs.buffer).toBe(bytes);
  });

  test('knows of no cancelled span from a server that does not say so', () => {
    const { cancelled: _, ...offsets } = OFFSETS;
    const columns = decodeTraceColumns(exampleBytes({ ...HEADER, offsets }));
    expect(columns.statuses).toEqual(Uint8Array.of(0, 2));
    expect(columns.cancelled).toEqual(Uint8Array.of(0, 0));
  });

  test('refuses what is cut short, anywhere', () => {
    const whole = exampleBytes();
    // Behind the last column there is only what fills up.
    for (let length = 0; length < whole.byteLength - 6; length++)
      expect(() => decodeTraceColumns(whole.slice(0, length))).toThrow(DecodeError);
  });

  test('refuses another format and another version', () => {
    const json = new TextEncoder().encode('{"traceId":"0af7651916cd43dd"}').buffer;
    expect(() => decodeTraceColumns(json)).toThrow('does not begin with CLWC');
    const later = exampleBytes();
    new DataView(later).setUint32(4, 2, true);
    expect(() => decodeTraceColumns(later)).toThrow('version 2 is not known');
  });

  test.each([
    ['a count that is none', { ...HEADER, spanCount: -1 }],
    ['more spans than there are bytes', { ...HEADER, spanCount: 1000 }],
    ['more events than there are bytes', { ...HEADER, eventCount: 2 ** 40 }],
    ['no names', { ...HEADER, names: undefined }],
    ['a place between numbers', { ...HEADER, offsets: { ...OFFSETS, parents: 58 } }],
    ['a place behind the bytes', { ...HEADER, offsets: { ...OFFSETS, statuses: 2 ** 31 } }],
    ['no place', { ...HEADER, offsets: {} }],
    ['an id that is none', { ...HEADER, traceId: 'x' }],
  ])('refuses a header with %s', (_, header) => {
    expect(() => decodeTraceColumns(exampleBytes(header))).toThrow(DecodeError);
  });

  test('reads any bytes or refuses them', () => {
    const whole = new Uint8Array(exampleBytes());
    const change = fc.record({ at: fc.nat(whole.length - 1), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), (changes) => {
        const bytes = whole.slice();
        for (const { at, value } of changes) bytes[at] = value;
        try {
          decodeTraceColumns(bytes.buffer);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
