import { DecodeError } from '@clew/model';
import { describe, expect, test } from 'vitest';
import { writeOtlp } from '../testing/otlp-oracle.ts';
import { decodeExportResponseProtobuf, decodeStatusProtobuf } from './decode-response.ts';

describe('decodeExportResponseProtobuf', () => {
  test('reads what was refused', () => {
    const partialSuccess = { rejectedSpans: 5_000_000_000, errorMessage: 'trace id of zeros' };
    const bytes = writeOtlp('ExportTraceServiceResponse', { partialSuccess });
    expect(decodeExportResponseProtobuf(bytes)).toEqual({
      rejectedSpans: 5_000_000_000,
      message: 'trace id of zeros',
    });
  });

  test('knows that an empty answer refuses nothing', () => {
    expect(decodeExportResponseProtobuf(new Uint8Array())).toBeUndefined();
  });

  test('throws for what is no answer', () => {
    expect(() => decodeExportResponseProtobuf(Buffer.from('<html>'))).toThrow(DecodeError);
  });
});

test('decodeStatusProtobuf reads the reason', () => {
  const status = { code: 14, message: 'the backlog is full' };
  expect(decodeStatusProtobuf(writeOtlp('RpcStatus', status))).toEqual(status);
});
