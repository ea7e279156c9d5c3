import { describe, expect, test } from 'vitest';
import { orderTrace, withoutSpans } from '../testing/trace-fixtures.ts';
import { findSpanByKey, formatSpanKey } from './span-key.ts';
import { setCollapsed, expandAll } from './collapse.ts';
import { buildTraceView } from './trace-view.ts';
import { transferCollapsed, transferSpan } from './transfer.ts';

const trace = orderTrace();
const view = buildTraceView(trace);

describe('span key', () => {
  test('is the id, and leads back to the span', () => {
    expect(formatSpanKey(view.spans, 5)).toBe('00f067aa0ba90006');
    view.spans.forEach((_, index) => {
      expect(findSpanByKey(view.spans, formatSpanKey(view.spans, index))).toBe(index);
    });
  });

  test('tells spans apart that share an id', () => {
    const [first, second] = trace.spans;
    const spans = [first, second && { ...second, spanId: first?.spanId ?? '' }].filter(
      (span) => span !== undefined,
    );
    expect([0, 1].map((index) => formatSpanKey(spans, index))).toEqual([
      '00f067aa0ba90001',
      '00f067aa0ba90001.2',
    ]);
    expect(findSpanByKey(spans, '00f067aa0ba90001.2')).toBe(1);
  });

  test('reads ids as people write them and knows what is not there', () => {
    expect(findSpanByKey(view.spans, 'F067AA0BA90006')).toBe(5);
    expect(findSpanByKey(view.spans, 'deadbeef')).toBeUndefined();
    expect(findSpanByKey(view.spans, '00f067aa0ba90006.x')).toBeUndefined();
  });
});

describe('transfer to a newer answer', () => {
  const older = buildTraceView(withoutSpans(trace, ({ name }) => name === 'POST /orders'));

  test('finds the same span under its new index', () => {
    const before = older.spans.findIndex(({ name }) => name === 'INSERT orders');
    const after = transferSpan(older, view, before);
    expect(after).not.toBe(before);
    expect(view.spans[after ?? -1]?.name).toBe('INSERT orders');
  });

  test('keeps folded what was folded', () => {
    const get = older.spans.findIndex(({ name }) => name === 'GET');
    const collapsed = transferCollapsed(
      older,
      view,
      setCollapsed(expandAll(older.tree), get, true),
    );
    expect(Array.from(collapsed.keys()).filter((index) => collapsed[index] === 1)).toEqual([2]);
  });
});
