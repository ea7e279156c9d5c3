import { describe, expect, test } from 'vitest';
import {
  all,
  any,
  bytesLiteral,
  dateLiteral,
  float64Literal,
  int64Literal,
  sql,
  textLiteral,
  uint64List,
  uint64Literal,
} from './sql.ts';

describe('SQL with bound values', () => {
  test('leaves no quote, backslash or control character of a value as it is', () => {
    expect(textLiteral("a'b\\c\0d\n{e}`%?").text).toBe(
      String.raw`'a\x27b\x5cc\x00d\x0a\x7be\x7d\x60\x25\x3f'`,
    );
    expect(textLiteral('é').text).toBe(String.raw`'\xc3\xa9'`);
    expect(bytesLiteral('0027415cff').text).toBe(String.raw`'\x00\x27A\x5c\xff'`);
  });

  test('writes numbers exactly', () => {
    expect(uint64Literal((1n << 64n) - 1n).text).toBe('toUInt64(18446744073709551615)');
    expect(uint64List([0n, (1n << 64n) - 1n]).text).toBe('0, 18446744073709551615');
    expect(int64Literal(-(1n << 63n)).text).toBe('toInt64(-9223372036854775808)');
    expect(float64Literal(1).text).toBe('reinterpretAsFloat64(toUInt64(4607182418800017408))');
    expect(dateLiteral(1e9).text).toBe('toDate(65535)');
  });

  test('joins statements, lists and conditions', () => {
    const list = [uint64Literal(1n), uint64Literal(2n)];
    expect(sql`x IN (${list})`.text).toBe('x IN (toUInt64(1), toUInt64(2))');
    expect(all([sql`a`, sql`b OR c`]).text).toBe('(a) AND (b OR c)');
    expect(any([sql`a`, sql`b AND c`]).text).toBe('(a) OR (b AND c)');
    expect([all([]).text, any([]).text]).toEqual(['1', '0']);
  });
});
