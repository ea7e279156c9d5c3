import { DecodeError } from '@clew/model';
import { describe, expect, test } from 'vitest';
import { checkJsonShape } from './json-shape.ts';

function check(text: string, onElement?: (count: number) => void): void {
  const limits = { format: 'json', maxDepth: 3 };
  const bytes = new TextEncoder().encode(text);
  checkJsonShape(bytes, onElement === undefined ? limits : { ...limits, onElement });
}

describe('the shape of JSON', () => {
  test('may have lists and objects inside each other, as deep as it may be', () => {
    expect(() => check('[{"a":[1]}]')).not.toThrow();
    expect(() => check('[{"a":[[1]]}]')).toThrow(
      new DecodeError('values are nested more than 3 deep', { format: 'json', offset: 7 }),
    );
  });

  test('is not taken from what stands in texts', () => {
    expect(() => check('["[[[[[[", "\\"[[[[", "\\\\"]')).not.toThrow();
  });

  test('tells how many elements the outermost list has', () => {
    const counts: number[] = [];
    check('[{"a":1,"b":2},{"c":[1,2,3]},"a,b"]', (count) => counts.push(count));
    expect(counts).toEqual([2, 3]);
  });

  test('may not be of empty values, of which a million fit into three megabytes', () => {
    const empty = (count: number): string => `[${'{},'.repeat(count)}{}]`;
    expect(() => check(empty(40_000))).not.toThrow();
    expect(() => check(empty(1_000_000))).toThrow('more values than one in 6 bytes');
    expect(() => check(`[${'"a":"b",'.repeat(1_000_000)}1]`)).not.toThrow();
  });
});
