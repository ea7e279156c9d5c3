import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatBaggage, parseBaggage } from './baggage.ts';

function manyMembers(count: number, value = '1'): string {
  return Array.from({ length: count }, (_, i) => `k${i}=${value}`).join(',');
}

function pairs(header: string): readonly string[] {
  return parseBaggage(header).map(({ key, value }) => `${key}=${value}`);
}

describe('parseBaggage', () => {
  test('reads what the specification shows', () => {
    const header =
      'key1=value1;property1;property2, key2 = value2, key3=value3; propertyKey=propertyValue';
    expect(parseBaggage(header)).toEqual([
      { key: 'key1', value: 'value1', metadata: 'property1;property2' },
      { key: 'key2', value: 'value2', metadata: '' },
      { key: 'key3', value: 'value3', metadata: 'propertyKey=propertyValue' },
    ]);
    expect(pairs('userId=alice,serverNode=DF%2028,isProduction=false')).toEqual([
      'userId=alice',
      'serverNode=DF 28',
      'isProduction=false',
    ]);
  });

  test.each([
    ['equals signs in the value', 'a=b=c==', ['a=b=c==']],
    ['an empty value', 'a=', ['a=']],
    ['UTF-8', 'name=%E2%82%AC%20%F0%9F%98%80', ['name=€ 😀']],
    ['a percent sign that begins nothing', 'a=100%,b=%zz', ['a=100%', 'b=%zz']],
    ['bytes that are not UTF-8', 'a=%ff%41', ['a=\ufffdA']],
    ['a key with a percent sign, as it is', 'a%20b=1', ['a%20b=1']],
    ['the last of a key given twice', 'a=1,b=2,a=3', ['a=3', 'b=2']],
    ['180 members', manyMembers(180), manyMembers(180).split(',')],
  ])('takes %s', (_, header, expected) => {
    expect(pairs(header)).toEqual(expected);
  });

  test.each([
    ['no value', 'a'],
    ['an empty key', '=1'],
    ['a blank inside the key', 'a b=1'],
    ['a blank inside the value', 'a=1 2'],
    ['a quote', 'a="1"'],
    ['a backslash', 'a=\\'],
    ['a line break', 'a=1\n'],
    ['a character beyond ASCII', 'a=ü'],
    ['nothing', ''],
  ])('leaves out a member with %s, and keeps the others', (_, member) => {
    expect(pairs(`x=1,${member},y=2`)).toEqual(['x=1', 'y=2']);
  });

  test('reads whole members up to 180 and up to 8192 bytes', () => {
    expect(pairs(manyMembers(500))).toHaveLength(180);
    const long = 'v'.repeat(8190 - 4);
    expect(pairs(`a=1,b=${long}`)).toHaveLength(2);
    expect(pairs(`a=1,b=${long}v`)).toEqual(['a=1']);
    expect(pairs(`a=1,${' '.repeat(10_000_000)}`)).toEqual(['a=1']);
  });

  test('takes any text', () => {
    fc.assert(fc.property(fc.string(), (header) => void parseBaggage(header)));
  });
});

describe('formatBaggage', () => {
  test('is read back as it was', () => {
    const members = fc.uniqueArray(
      fc.record({
        key: fc.stringMatching(/^[a-zA-Z0-9!#$%&'*+.^_`|~-]{1,8}$/),
        value: fc.string({ unit: 'grapheme', maxLength: 8 }),
        metadata: fc.stringMatching(/^([a-z]{1,3}(=[a-z%]{0,3})?)?$/),
      }),
      { maxLength: 20, selector: ({ key }) => key },
    );
    fc.assert(
      fc.property(members, (members) => {
        const header = formatBaggage(members);
        expect(header).toMatch(/^[\x20-\x7e]*$/);
        expect(parseBaggage(header)).toEqual(members);
      }),
    );
  });

  test('leaves out what does not fit, and what would break the header', () => {
    const member = (key: string, value: string, metadata = ''): string =>
      formatBaggage([
        { key, value, metadata },
        { key: 'z', value: '1', metadata: '' },
      ]);
    expect(member('a b', '1')).toBe('z=1');
    expect(member('', '1')).toBe('z=1');
    expect(member('a', 'x'.repeat(8191))).toBe('z=1');
    expect(member('a', '\ud800')).toBe('a=%EF%BF%BD,z=1');
    expect(member('a', '1', 'p,q=1')).toBe('a=1,z=1');
    expect(member('a', '1', 'p\r\nx: 1')).toBe('a=1,z=1');
    const many = Array.from({ length: 300 }, (_, i) => ({ key: `k${i}`, value: '', metadata: '' }));
    expect(parseBaggage(formatBaggage(many))).toEqual(many.slice(0, 180));
  });
});
