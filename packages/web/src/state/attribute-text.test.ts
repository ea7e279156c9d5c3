import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAttributeText, parseAttributeText } from './attribute-text.ts';

describe('parseAttributeText', () => {
  test('reads conditions side by side, quoted where there are spaces', () => {
    expect(parseAttributeText(' http.route=/orders?x=1  db.statement="SELECT 1" empty= ')).toEqual({
      conditions: ['http.route=/orders?x=1', 'db.statement=SELECT 1', 'empty='],
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
    .tuple(fc.stringMatching(/^[a-zA-Z0-9._-]+$/), fc.string({ unit: 'grapheme' }))
    .map(([key, value]) => `${key}=${value}`);
  fc.assert(
    fc.property(fc.array(condition), (conditions) => {
      expect(parseAttributeText(formatAttributeText(conditions))).toEqual({ conditions });
    }),
  );
});
