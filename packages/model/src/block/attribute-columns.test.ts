import { describe, expect, test } from 'vitest';
import { AttributeColumns } from './attribute-columns.ts';

const TEXT = new TextEncoder().encode('value');

/** One entry of each type under `key`. */
function pushAll(columns: AttributeColumns, key: string): void {
  columns.string.keys.pushText(key);
  columns.string.values.pushString(TEXT, 0, TEXT.length);
  columns.int.keys.pushText(key);
  columns.int.values.push(1, 0);
  columns.double.keys.pushText(key);
  columns.double.values.push(2, 0);
  columns.bool.keys.pushText(key);
  columns.bool.values.pushByte(1);
  columns.complex.keys.pushText(key);
  columns.complex.values.pushString(TEXT, 0, 2);
}

function shapeOf(columns: AttributeColumns) {
  const { string, int, double, bool, complex } = columns;
  return [string, int, double, bool, complex].map(({ rowEnds, keys, values }) => ({
    rowEnds: [...rowEnds.halves],
    keys: Array.from(keys.indexes.values, (entry) => keys.dictionary.text(entry)),
    valueLength: values.length,
  }));
}

describe('AttributeColumns', () => {
  test('says after each row how many entries there are', () => {
    const columns = new AttributeColumns();
    pushAll(columns, 'a');
    columns.endRow();
    columns.endRow();
    pushAll(columns, 'b');
    pushAll(columns, 'c');
    columns.endRow();
    for (const { rowEnds, keys } of shapeOf(columns)) {
      expect(rowEnds).toEqual([1, 0, 1, 0, 3, 0]);
      expect(keys).toEqual(['a', 'b', 'c']);
    }
    expect(columns.rowCount).toBe(3);
  });

  test('counts the entries of the open row', () => {
    const columns = new AttributeColumns();
    pushAll(columns, 'a');
    expect(columns.openEntryCount).toBe(5);
    columns.endRow();
    expect(columns.openEntryCount).toBe(0);
    pushAll(columns, 'b');
    columns.int.keys.pushText('c');
    expect(columns.openEntryCount).toBe(6);
  });

  test.each([0, 1, 3])('forgets the open row after %i others', (rows) => {
    const columns = new AttributeColumns();
    for (let row = 0; row < rows; row++) {
      pushAll(columns, 'kept');
      columns.endRow();
    }
    const before = shapeOf(columns);
    pushAll(columns, 'gone');
    pushAll(columns, 'gone');
    columns.rollbackRow();
    expect(shapeOf(columns)).toEqual(before);
    expect(columns.openEntryCount).toBe(0);
    expect(columns.rowCount).toBe(rows);
  });
});
