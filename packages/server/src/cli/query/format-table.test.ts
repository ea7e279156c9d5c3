import { expect, test } from 'vitest';
import { formatTable } from './format-table.ts';

test('columns are as wide as their longest text, and lines end with their last', () => {
  const columns = [
    { title: 'NAME' },
    { title: 'COUNT', align: 'right' as const },
    { title: 'END' },
  ];
  expect(
    formatTable(columns, [
      ['a', '7', ''],
      ['longer', '1234567', 'x'],
    ]),
  ).toBe(['NAME      COUNT  END', 'a             7', 'longer  1234567  x'].join('\n'));
});
