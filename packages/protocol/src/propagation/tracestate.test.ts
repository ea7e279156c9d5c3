import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatTracestate, parseTracestate } from './tracestate.ts';

describe('parseTracestate', () => {
  test('reads members in their order', () => {
    expect(parseTracestate('rojo=00f067aa0ba902b7 ,\tcongo=t61rcWkgMzE')).toEqual([
      { key: 'rojo', value: '00f067aa0ba902b7' },
      { key: 'congo', value: 't61rcWkgMzE' },
    ]);
  });

  test.each([
    ['empty members', 'a=1,,b=2,', 2],
    ['a tenant in the key', 'fw529a3039@dt=FfUKLq', 1],
    ['a key that begins with a digit', '0a=1', 1],
    ['spaces inside a value', 'a=b c', 1],
    ['32 members', manyMembers(32), 32],
  ])('takes %s', (_, header, count) => {
    expect(parseTracestate(header)).toHaveLength(count);
  });

  test.each([
    ['no value', 'a'],
    ['an empty value', 'a='],
    ['an empty key', '=1'],
    ['an upper-case key', 'A=1'],
    ['an equals sign in the value', 'a=1=2'],
    ['a key of 257 characters', `${'a'.repeat(257)}=1`],
    ['a value of 257 characters', `a=${'1'.repeat(257)}`],
    ['a character beyond ASCII', 'a=ü'],
    ['a key given twice', 'a=1,b=2,a=3'],
    ['33 members', manyMembers(33)],
  ])('gives nothing for %s', (_, header) => {
    expect(parseTracestate(`good=1,${header}`)).toEqual([]);
  });
});

test('parseTracestate reads 32 members of the longest there are, and nothing that is longer', () => {
  const members = Array.from({ length: 32 }, (_, i) => {
    return `${String(i).padStart(256, 'k')}=${'v'.repeat(256)}`;
  });
  expect(parseTracestate(members.join(','))).toHaveLength(32);
  expect(parseTracestate(`${members.join(',')},`)).toEqual([]);
  expect(parseTracestate(`a=1${','.repeat(1_000_000)}`)).toEqual([]);
});

describe('formatTracestate', () => {
  test('is read back as it was', () => {
    const key = fc.stringMatching(/^[a-z][a-z0-9_*/@-]{0,10}$/);
    const value = fc.stringMatching(/^[!-+--<>-~]{1,10}$/);
    const members = fc.uniqueArray(fc.record({ key, value }), {
      maxLength: 16,
      selector: (member) => member.key,
    });
    fc.assert(
      fc.property(members, (members) => {
        expect(parseTracestate(formatTracestate(members))).toEqual(members);
      }),
    );
  });

  test('drops members over 128 characters first, then from the end, to fit 512', () => {
    const long = { key: 'long', value: 'x'.repeat(200) };
    const short = Array.from({ length: 31 }, (_, i) => ({
      key: `k${i + 10}`,
      value: 'y'.repeat(16),
    }));
    const header = formatTracestate([short[0] ?? long, long, ...short.slice(1)]);
    expect(header.length).toBeLessThanOrEqual(512);
    expect(parseTracestate(header)).toEqual(short.slice(0, 24));
  });

  test('writes nothing for no members', () => {
    expect(formatTracestate([])).toBe('');
  });
});

function manyMembers(count: number): string {
  return Array.from({ length: count }, (_, i) => `k${i}=1`).join(',');
}
