import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAttributeText, parseAttributeText, unquote } from './attribute-text.ts';

describe('parseAttributeText', () => {
  test('splits conditions side by side, quoted where there are spaces', () => {
    expect(
      parseAttributeText(' http.route=/orders?x=1  db.statement="SELECT 1" size>=5 empty= '),
    ).toEqual({
      conditions: [
        { key: 'http.route', operator: '=', value: '/orders?x=1' },
        { key: 'db.statement', operator: '=', value: '"SELECT 1"' },
        { key: 'size', operator: '>=', value: '5' },
        { key: 'empty', operator: '=', value: '' },
      ],
    });
  });

  test('reads nothing as no condition', () => {
    expect(parseAttributeText('  ')).toEqual({ conditions: [] });
  });

  test.each(['error', 'a=1 b', '=1', 'a="open', 'a="x"y'])('says where it stops in %s', (text) => {
    expect(parseAttributeText(text)).toHaveProperty('error', expect.stringContaining('key=value'));
  });
});

test('what is written reads back as the same conditions', () => {
  const condition = fc
    .tuple(fc.stringMatching(/^[^=]+$/), fc.string({ unit: 'grapheme' }))
    .map(([key, value]) => `${key}=${value}`);
  fc.assert(
    fc.property(fc.array(condition), (conditions) => {
      const result = parseAttributeText(formatAttributeText(conditions));
      const read = 'error' in result ? [] : result.conditions;
      expect(read.map(({ key, value }) => `${unquote(key)}=${unquote(value)}`)).toEqual(conditions);
    }),
  );
});
