import { expect, test } from 'vitest';
import { parseQuery } from './parse-query.ts';
import { searchOfMetrics } from './search-of-metrics.ts';

function searchOf(text: string): string | undefined {
  const query = parseQuery(text);
  if (query.kind !== 'metrics') throw new Error(`${text} computes no metrics`);
  return searchOfMetrics(query, text);
}

test('the search of a query for metrics is all before its function, as it was written', () => {
  expect(searchOf('{ name="pay"  } | count_over_time() by (status)')).toBe('{ name="pay"  }');
  expect(searchOf('{ .a > 1 } | select(.b) | rate() | topk(3)')).toBe('{ .a > 1 } | select(.b)');
  expect(searchOf('({ .a = 1 } >> { }) | rate() with(sample=true)')).toBe('({ .a = 1 } >> { })');
});

test('arithmetic between series has no one search', () => {
  expect(searchOf('({ .a = 1 } | rate()) / ({ } | rate())')).toBeUndefined();
});
