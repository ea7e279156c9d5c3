import { SpanBlock } from '@clew/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitrarySpans } from '../testing/arbitrary-span.ts';
import { appendSpans } from './from-model.ts';
import { DEFAULT_DECODE_LIMITS } from './limits.ts';
import { readSpans } from './to-model.ts';

describe('appendSpans', () => {
  test('appends spans that are read back as they were', () => {
    fc.assert(
      fc.property(arbitrarySpans, (spans) => {
        const block = new SpanBlock('default');
        expect(appendSpans(block, spans).count).toBe(0);
        expect(readSpans(block)).toEqual(spans);
      }),
      { numRuns: 300 },
    );
  });

  test('fills a block that was used before like a new one', () => {
    const block = new SpanBlock('default');
    fc.assert(
      fc.property(arbitrarySpans, (spans) => {
        block.clear();
        appendSpans(block, spans);
        expect(readSpans(block)).toEqual(spans);
      }),
      { numRuns: 100 },
    );
  });

  test('keeps the limits that hold for every request', () => {
    const [spans = []] = fc.sample(arbitrarySpans, { numRuns: 1, seed: 1 });
    const limits = { ...DEFAULT_DECODE_LIMITS, maxSpans: 1 };
    const block = new SpanBlock('default');
    expect(() => appendSpans(block, [...spans, ...spans, ...spans], limits)).toThrow(
      'more than 1 ',
    );
  });
});
