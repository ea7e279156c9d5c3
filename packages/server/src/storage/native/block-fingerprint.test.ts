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
  { name: 'GET !' },
  { parentSpanId: spanId(1) },
  { statusMessage: 'boom' },
  { traceState: 'a=1' },
  { flags: 257 },
  { scope: { ...SPAN.scope, version: '2' } },
  { attributes: [attribute('more', 'than before')] },
  { attributes: [attribute('more', 1n)] },
  { attributes: [attribute('more', 0.5)] },
  { attributes: [attribute('more', true)] },
  { droppedAttributesCount: 1 },
  { droppedEventsCount: 1 },
  { droppedLinksCount: 1 },
  { events: [{ timeUnixNano: at(1), name: 'x', attributes: [], droppedAttributesCount: 0 }] },
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

test.each([
  [attribute('a', 'xxx'), attribute('a', 'yyy')],
  [attribute('a', 1n), attribute('a', 2n)],
  [attribute('a', 1n), attribute('b', 1n)],
  [attribute('a', 0.5), attribute('a', 0.25)],
  [attribute('a', true), attribute('a', false)],
])('differs when a value of the same size does: %o and %o', (one, other) => {
  const fingerprints = [one, other].map((each) =>
    fingerprintOf(blockOf([{ ...SPAN, attributes: [each] }])),
  );
  expect(new Set(fingerprints).size).toBe(2);
});

test('differs between tenants', () => {
  expect(fingerprintOf(blockOf([SPAN], 'a'))).not.toBe(fingerprintOf(blockOf([SPAN], 'b')));
});
