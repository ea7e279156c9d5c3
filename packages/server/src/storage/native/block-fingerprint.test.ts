import { durationNano } from '@clew/model';
import type { Span } from '@clew/model';
import { expect, test } from 'vitest';
import { at, attribute, blockOf, resource, span, spanId, traceId } from '../testing/spans.ts';
import { NO_FINGERPRINT, fingerprintOf } from './block-fingerprint.ts';

const SPAN = span();

test('is the same for the same spans, also in a block that is used again', () => {
  const block = blockOf([SPAN, SPAN]);
  const fingerprint = fingerprintOf(block);
  expect(fingerprint).toMatch(/^[0-9a-f]{32}$/);
  expect(fingerprint).not.toBe(NO_FINGERPRINT);
  block.clear();
  expect(fingerprintOf(block)).not.toBe(fingerprint);
  expect(fingerprintOf(blockOf([SPAN, SPAN]))).toBe(fingerprint);
});

test.each<Partial<Span>>([
  { traceId: traceId(0xffff) },
  { spanId: spanId(0xffff) },
  { kind: 'client' },
  { startUnixNano: at(1) },
  { durationNano: durationNano(2n) },
  { status: 'error' },
  { resource: resource('other') },
  { attributes: [attribute('more', 'than before')] },
  {
    links: [
      {
        traceId: traceId(1),
        spanId: spanId(1),
        traceState: '',
        flags: 0,
        attributes: [],
        droppedAttributesCount: 0,
      },
    ],
  },
])('differs when a span does: %o', (difference) => {
  const changed = fingerprintOf(blockOf([SPAN, { ...SPAN, ...difference }]));
  expect(changed).not.toBe(fingerprintOf(blockOf([SPAN, SPAN])));
});

test('differs between tenants', () => {
  expect(fingerprintOf(blockOf([SPAN], 'a'))).not.toBe(fingerprintOf(blockOf([SPAN], 'b')));
});
