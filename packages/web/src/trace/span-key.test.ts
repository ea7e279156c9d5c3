import { describe, expect, test } from 'vitest';
import { indexOfName, orderTrace, toView, withoutSpans } from '../testing/trace-fixtures.ts';
import { findSpanByKey, formatSpanKey } from './span-key.ts';
import { setCollapsed, expandAll } from './collapse.ts';
import { transferCollapsed, transferSpan } from './transfer.ts';

const trace = orderTrace();
const view = toView(trace);

describe('span key', () => {
  test('is the id, and leads back to the span', () => {
    expect(formatSpanKey(view, 5)).toBe('00f067aa0ba90006');
    for (let index = 0; index < view.spanCount; index++) {
      expect(findSpanByKey(view, formatSpanKey(view, index))).toBe(index);
    }
  });

  test('tells spans apart that share an id', () => {
    const [first, second] = trace.spans;
    const spans = [first, second && { ...second, spanId: first?.spanId ?? '' }].filter(
      (span) => span !== undefined,
    );
    const twins = toView({ ...trace, spans });
    expect([0, 1].map((index) => formatSpanKey(twins, index))).toEqual([
      '00f067aa0ba90001',
      '00f067aa0ba90001.2',
    ]);
    expect(findSpanByKey(twins, '00f067aa0ba90001.2')).toBe(1);
  });

  test('reads ids as people write them and knows what is not there', () => {
    expect(findSpanByKey(view, 'F067AA0BA90006')).toBe(5);
    expect(findSpanByKey(view, 'deadbeef')).toBeUndefined();
    expect(findSpanByKey(view, '00f067aa0ba90006.x')).toBeUndefined();
  });
});

describe('transfer to a newer answer', () => {
  const older = toView(withoutSpans(trace, ({ name }) => name === 'POST /orders'));

  test('finds the same span under its new index', () => {
    const before = indexOfName(older, 'INSERT orders');
    const after = transferSpan(older, view, before);
    expect(after).not.toBe(before);
    expect(after).toBe(indexOfName(view, 'INSERT orders'));
  });

  test('keeps folded what was folded', () => {
    const get = indexOfName(older, 'GET');
    const collapsed = transferCollapsed(
      older,
      view,
      setCollapsed(expandAll(older.tree), get, true),
    );
    expect(Array.from(collapsed.keys()).filter((index) => collapsed[index] === 1)).toEqual([2]);
  });
});
