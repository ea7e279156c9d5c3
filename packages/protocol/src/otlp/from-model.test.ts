import { SpanBlock } from '@clew/model';
import type { Span } from '@clew/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitrarySpans } from '../testing/arbitrary-span.ts';
import { decode } from '../testing/requests.ts';
import { encodeTracesProtobuf } from './encode.ts';
import { appendSpan } from './from-model.ts';
import { readSpans } from './to-model.ts';

function blockOf(spans: readonly Span[]): SpanBlock {
  const block = new SpanBlock('default');
  for (const span of spans) appendSpan(block, span);
  return block;
}

describe('appendSpan', () => {
  test('is read back as it was', () => {
    fc.assert(
      fc.property(arbitrarySpans, (spans) => {
        expect(readSpans(blockOf(spans))).toEqual(spans);
      }),
      { numRuns: 300 },
    );
  });

  test('makes the block that the same spans make when they come as a request', () => {
    fc.assert(
      fc.property(arbitrarySpans, (spans) => {
        const appended = blockOf(spans);
        const { block } = decode(encodeTracesProtobuf(spans));
        for (const column of ['resourceIds', 'scopeIds', 'durationNano'] as const) {
          expect(appended[column].bytes).toEqual(block[column].bytes);
        }
        expect(appended.weights.values).toEqual(block.weights.values);
        expect(appended.events.bytes).toEqual(block.events.bytes);
        expect(appended.links.bytes).toEqual(block.links.bytes);
        expect(appended.resources.count).toBe(block.resources.count);
      }),
      { numRuns: 100 },
    );
  });
});
