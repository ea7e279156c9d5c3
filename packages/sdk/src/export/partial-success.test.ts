import { encodeExportResponseProtobuf } from '@clew/protocol';
import { assert, property, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { decodePartialSuccess } from './partial-success.ts';

test('reads how many spans were refused, and why', () => {
  const body = encodeExportResponseProtobuf({ rejectedSpans: 70_000, message: 'zero trace id: ä' });
  expect(decodePartialSuccess(body)).toEqual({
    rejectedSpanCount: 70_000,
    message: 'zero trace id: ä',
  });
});

test('takes an empty answer as full acceptance', () => {
  expect(decodePartialSuccess(new Uint8Array())).toEqual({ rejectedSpanCount: 0, message: '' });
});

test('never fails, whatever the bytes are', () => {
  assert(
    property(uint8Array({ maxLength: 64 }), (bytes) => {
      expect(decodePartialSuccess(bytes).rejectedSpanCount).toBeGreaterThanOrEqual(0);
    }),
  );
});
