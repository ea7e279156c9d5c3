import { describe, expect, test } from 'vitest';
import { readOtlp } from '../testing/otlp-oracle.ts';
import {
  encodeExportResponseJson,
  encodeExportResponseProtobuf,
  encodeStatusJson,
  encodeStatusProtobuf,
} from './encode-response.ts';

const partial = { rejectedSpans: 300, message: 'trace id is zero: span "get-usér"' };

describe('export response', () => {
  test('is empty when everything was accepted', () => {
    expect(encodeExportResponseProtobuf()).toHaveLength(0);
    expect(encodeExportResponseJson()).toBe('{}');
  });

  test('says how many spans were refused and why', () => {
    expect(readOtlp('ExportTraceServiceResponse', encodeExportResponseProtobuf(partial))).toEqual({
      partialSuccess: { rejectedSpans: '300', errorMessage: partial.message },
    });
    expect(JSON.parse(encodeExportResponseJson(partial))).toEqual({
      partialSuccess: { rejectedSpans: '300', errorMessage: partial.message },
    });
  });
});

describe('status', () => {
  test('is read by another implementation', () => {
    const status = { code: 3, message: 'otlp protobuf: truncated' };
    expect(readOtlp('RpcStatus', encodeStatusProtobuf(status))).toEqual(status);
    expect(JSON.parse(encodeStatusJson(status))).toEqual(status);
  });
});
