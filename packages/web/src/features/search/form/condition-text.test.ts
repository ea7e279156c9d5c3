import { parseQuery, printExpression, readForm, searchOfForm } from '@clew/traceql';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readConditionText, writeConditionText } from './condition-text.ts';

function read(line: string) {
  const result = readConditionText(line);
  if (result.error !== undefined) throw new Error(result.error);
  const { attributes, conditions, unfinished } = result;
  return { attributes, conditions: conditions.map((each) => printExpression(each)), unfinished };
}

/** The line of fields for a query of conditions. */
function lineOf(condition: string): string {
  const query = parseQuery(`{ ${condition} }`);
  const form = query.kind === 'search' ? readForm(query).form : undefined;
  if (form === undefined) throw new Error('no form');
  return writeConditionText(form);
}

describe('the line of attributes', () => {
  test('means key=value loosely, whatever the key is in quotes', () => {
    expect(read('a=1 "span.kind"=server "a b"="two words"')).toEqual({
      attributes: [
        { key: 'a', value: '1' },
        { key: 'span.kind', value: 'server' },
        { key: 'a b', value: 'two words' },
      ],
      conditions: [],
      unfinished: [],
    });
  });

  test.each([
    ['span.http.route=/orders', 'span.http.route = "/orders"'],
    ['.code=500', '.code = 500'],
    ['.code="500"', '.code = "500"'],
    ['code!=500', '.code != 500'],
    ['size>=10', '.size >= 10'],
    ['wait>1.5s', '.wait > 1s500ms'],
    ['path=~/orders/.*', '.path =~ "/orders/.*"'],
    ['span:kind=SERVER', 'kind = server'],
    ['span:name=500', 'name = "500"'],
    ['resource.service.name!=cart', 'resource.service.name != "cart"'],
    ['event.exception.type=Timeout', 'event.exception.type = "Timeout"'],
    ['.user=nil', '.user = nil'],
  ])('reads %s exactly, as TraceQL does', (line, condition) => {
    expect(read(line)).toMatchObject({ attributes: [], conditions: [condition] });
  });

  test('a condition without a value asks nothing yet, and quotes ask for the empty one', () => {
    expect(read('a=1 user.plan= size>')).toEqual({
      attributes: [{ key: 'a', value: '1' }],
      conditions: [],
      unfinished: ['user.plan=', 'size>'],
    });
    expect(read('user.plan=""').attributes).toEqual([{ key: 'user.plan', value: '' }]);
  });

  test('says what it cannot read', () => {
    expect(readConditionText('span:kind=sever').error).toContain('server');
    expect(readConditionText('span.=1').error).toContain('span.');
    expect(readConditionText('word').error).toContain('key=value');
  });

  test.each([
    ['span.http.route="/orders"', 'span.http.route=/orders'],
    ['.a = 1', '.a=1'],
    ['.a = "1"', '.a="1"'],
    ['.a != "1"', 'a!="1"'],
    ['.a = "1" || .a = 1', 'a=1'],
    ['kind = server && status != error', 'span:kind=server span:status!=error'],
    ['rootName =~ "GET .*"', 'trace:rootName=~"GET .*"'],
    ['span."user id" = "x"', 'span."user id"=x'],
  ])('writes { %s }', (condition, line) => {
    expect(lineOf(condition)).toBe(line);
  });

  test('what is written of any form reads back as the same', () => {
    const key = fc.oneof(
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.constantFrom('span.kind', '.x', 'a b', 'parent.a', 'span:name'),
    );
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('1', 'true', '5ms', 'nil', 'error', '~x', '=', '"', '\\'),
    );
    const operator = fc.constantFrom('=', '!=', '<', '>=', '=~', '!~');
    const scope = fc.constantFrom('.', 'span.', 'resource.', 'event.', 'parent.span.');
    const literal = fc.oneof(
      value.map((each) => JSON.stringify(each)),
      fc.integer().map(String),
      fc.constantFrom('1.5', 'true', 'nil', '5ms', '-2s'),
    );
    const exact = fc.tuple(scope, fc.stringMatching(/^[a-z][a-z.]{0,8}$/), operator, literal);
    fc.assert(
      fc.property(
        fc.array(fc.record({ key, value }), { maxLength: 3 }),
        fc.array(
          exact.filter(([, , sign, written]) => !sign.includes('~') || written.startsWith('"')),
          { maxLength: 3 },
        ),
        (attributes, conditions) => {
          const all = conditions.map((parts) => parts.join(''));
          const query = parseQuery(all.length === 0 ? '{ }' : `{ ${all.join(' && ')} }`);
          const form = query.kind === 'search' ? readForm(query).form : undefined;
          if (form === undefined) throw new Error('no form');
          const asked = { ...form, attributes: [...attributes, ...(form.attributes ?? [])] };
          const result = readConditionText(writeConditionText(asked));
          if (result.error !== undefined) throw new Error(result.error);
          expect(result.unfinished).toEqual([]);
          expect(printed({ ...asked, ...result })).toBe(printed(asked));
        },
      ),
    );
  });
});

function printed(form: Parameters<typeof searchOfForm>[0]): string {
  const stage = searchOfForm(form).pipeline.stages[0];
  return stage.kind === 'filter' && stage.condition ? printExpression(stage.condition) : '';
}
