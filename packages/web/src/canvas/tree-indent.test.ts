import { describe, expect, test } from 'vitest';
import { computeIndent, indentPx } from './tree-indent.ts';

describe('the indentation', () => {
  test('leaves more than half of the tree to the names', () => {
    for (const maxDepth of [1, 10, 40, 50_000]) {
      const indent = computeIndent(300, maxDepth, 0);
      expect(indentPx(indent, maxDepth)).toBeLessThanOrEqual(150);
    }
  });

  test('never moves an ordinary tree', () => {
    expect(computeIndent(400, 9, 7).baseDepth).toBe(0);
  });
});
