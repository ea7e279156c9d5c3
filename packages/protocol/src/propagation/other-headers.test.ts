import { array, assert, constantFrom, integer, property, record, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SpanId, TraceId } from '@clew/model';
import { formatB3, formatB3Fields, parseB3, parseB3Fields } from './b3.ts';
import { formatBaggage, parseBaggage } from './baggage.ts';
import { formatUberTraceId, parseUberTraceId } from './uber-trace-id.ts';

const TRACE_ID = '80f198ee56343ba864fe8b2a57d3eff7' as TraceId;
const SPAN_ID = 'e457b5a2e4d86bd1' as SpanId;
const SHORT = { traceId: `${'0'.repeat(16)}64fe8b2a57d3eff7`, spanId: SPAN_ID };

const hex = (digits: number): ReturnType<typeof string> =>
  string({
    unit: constantFrom(...Array.from('0123456789abcdef')),
    minLength: digits,
    maxLength: digits,
  }).filter((text) => /[^0]/.test(text));
const contexts = record({
  traceId: hex(32).map((text) => text as TraceId),
  spanId: hex(16).map((text) => text as SpanId),
  flags: integer({ min: 0, max: 1 }),
});

test('every context is read as it was written, in each form', () => {
  assert(
    property(contexts, (context) => {
      expect(parseB3(formatB3(context))).toEqual(context);
      expect(parseB3Fields(formatB3Fields(context))).toEqual(context);
      expect(parseUberTraceId(formatUberTraceId(context))).toEqual(context);
    }),
  );
});

test('no text makes a reader throw', () => {
  assert(
    property(string({ unit: 'binary' }), (text) => {
      parseB3(text);
      parseUberTraceId(text);
      parseB3Fields({ traceId: text, spanId: text, sampled: text, flags: text });
      for (const { key } of parseBaggage(text)) expect(key).not.toBe('');
    }),
  );
});

describe('b3', () => {
  test.each([
    [`${TRACE_ID}-${SPAN_ID}-1-05e3ac9a4f6e3b90`, { traceId: TRACE_ID, spanId: SPAN_ID, flags: 1 }],
    [`${TRACE_ID}-${SPAN_ID}-d`, { traceId: TRACE_ID, spanId: SPAN_ID, flags: 1 }],
    [`${TRACE_ID}-${SPAN_ID}-0`, { traceId: TRACE_ID, spanId: SPAN_ID, flags: 0 }],
    [`${TRACE_ID}-${SPAN_ID}`, { traceId: TRACE_ID, spanId: SPAN_ID, flags: 0 }],
    [`64FE8B2A57D3EFF7-${SPAN_ID}-1`, { ...SHORT, flags: 1 }],
    ['0', undefined],
    [`${TRACE_ID}-${'0'.repeat(16)}-1`, undefined],
    [`${TRACE_ID}-${SPAN_ID}-2`, undefined],
    [`${TRACE_ID}${SPAN_ID}`, undefined],
  ])('%s', (header, context) => {
    expect(parseB3(header)).toEqual(context);
  });

  test('in several headers knows old and new ways to say sampled', () => {
    const ids = { traceId: TRACE_ID, spanId: SPAN_ID };
    const flagsOf = (sampled: string | undefined, flags?: string): number | undefined =>
      parseB3Fields({ ...ids, sampled, flags })?.flags;
    expect([flagsOf('1'), flagsOf('true'), flagsOf(undefined, '1')]).toEqual([1, 1, 1]);
    expect([flagsOf('0'), flagsOf('false'), flagsOf(undefined), flagsOf('yes')]).toEqual([
      0, 0, 0, 0,
    ]);
    expect(parseB3Fields({ ...ids, spanId: undefined, sampled: '1', flags: '1' })).toBeUndefined();
  });
});

describe('uber-trace-id', () => {
  test.each([
    [`${TRACE_ID}:${SPAN_ID}:0:1`, { traceId: TRACE_ID, spanId: SPAN_ID, flags: 1 }],
    [`${TRACE_ID}%3A${SPAN_ID}%3a0%3A3`, { traceId: TRACE_ID, spanId: SPAN_ID, flags: 1 }],
    [`64fe8b2a57d3eff7:${SPAN_ID}::2`, { ...SHORT, flags: 0 }],
    ['1:2:0:1', { traceId: '1'.padStart(32, '0'), spanId: '2'.padStart(16, '0'), flags: 1 }],
    ['0:2:0:1', undefined],
    ['1:2:1', undefined],
    [`${'1'.repeat(33)}:2:0:1`, undefined],
    [`1:2:0:1${' '.repeat(1000)}`, undefined],
  ])('%s', (header, context) => {
    expect(parseUberTraceId(header)).toEqual(context);
  });
});

describe('baggage', () => {
  test('is read with its metadata, and without what is malformed', () => {
    expect(parseBaggage('a=1;ttl=3; secret , =2,b,c = x%20y%2C ,d=%,a b=1,e=')).toEqual([
      { key: 'a', value: '1', metadata: 'ttl=3; secret' },
      { key: 'c', value: 'x y,', metadata: '' },
      { key: 'e', value: '', metadata: '' },
    ]);
    expect(parseBaggage('a=1,a=2')).toEqual([{ key: 'a', value: '2', metadata: '' }]);
  });

  test('is read as it was written', () => {
    const key = string({
      unit: constantFrom(...Array.from('abcXYZ09-_.')),
      minLength: 1,
      maxLength: 10,
    });
    const member = record({
      key,
      value: string({ unit: 'grapheme' }),
      metadata: constantFrom('', 'p=1'),
    });
    assert(
      property(array(member, { maxLength: 10 }), (members) => {
        const byKey = new Map(members.map((each) => [each.key, each]));
        expect(parseBaggage(formatBaggage(members))).toEqual([...byKey.values()]);
      }),
    );
  });

  test('loses what cannot be written, and what is beyond the limits', () => {
    const plain = { value: 'x', metadata: '' };
    const odd = [
      { key: 'ü', ...plain },
      { key: 'a', value: '\uD800', metadata: '' },
      { key: 'b', value: '', metadata: 'x,y=z' },
      { key: 'long', value: 'x'.repeat(5000), metadata: '' },
    ];
    expect(formatBaggage([...odd, { key: 'ok', ...plain }])).toBe('ok=x');
    const many = Array.from({ length: 300 }, (_, i) => ({ key: `k${i}`, ...plain }));
    expect(parseBaggage(formatBaggage(many))).toHaveLength(180);
    const large = many.map((each) => ({ ...each, value: 'x'.repeat(200) }));
    expect(formatBaggage(large).length).toBeLessThanOrEqual(8192);
    expect(parseBaggage(large.map(({ key, value }) => `${key}=${value}`).join()).length).toBe(40);
  });
});
