import { describe, expect, test } from 'vitest';
import { parseQueryString } from '../../../state/query-string.ts';
import { parseSearchState } from '../../../state/search-state.ts';
import { meaningOfLine } from './fields.ts';
import { findQueryProblem } from './query-problem.ts';
import { fieldOfParameter, parseDraft, toDraft, toFields, toTraceql } from './search-draft.ts';
import type { SearchDraft } from './search-draft.ts';

const clock = {
  zone: 'utc',
  nowMs: Date.UTC(2026, 10, 22, 19, 15),
  findProblem: findQueryProblem,
} as const;
const shown = (text: string) => parseSearchState(parseQueryString(text));
const read = (change: Partial<SearchDraft>, address = '') => {
  const state = shown(address);
  return parseDraft({ ...toDraft(state, 'utc'), ...change }, state, clock);
};

describe('the form', () => {
  test('shows the search of the address and reads back the same', () => {
    const state = shown(
      '?service=cart&spanName=GET+%2Fcart&attribute=a%3Dtwo+words&attribute=b%3D1&status=error' +
        '&minDuration=5ms&maxDuration=1.5s&start=1795374903123456789&end=1795374999000000000&limit=100',
    );
    const draft = toDraft(state, 'utc');
    expect(draft).toMatchObject({
      attributes: 'a="two words" b=1',
      time: 'custom',
      from: '2026-11-22 19:15:03.123',
      to: '2026-11-22 19:16:39',
    });
    expect(parseDraft(draft, state, clock).state).toEqual(state);
  });

  test('counts a relative time from when it is sent', () => {
    const { state } = read({ time: '15m' }, '?lookback=1h&start=1&end=2');
    expect(state).toMatchObject({ lookback: '15m' });
    expect(state?.start).toBeUndefined();
  });

  test('reads durations as people write them', () => {
    expect(read({ minDuration: '250', maxDuration: '1,5 s' }).state).toMatchObject({
      minDuration: '250ms',
      maxDuration: '1.5s',
    });
  });

  test('ends now when no end is given', () => {
    const { state } = read({ time: 'custom', from: '19:00', to: '' });
    expect(state).toMatchObject({ start: '1795374000000000000', end: '1795374900000000000' });
  });

  test('says at the field what cannot be read', () => {
    expect(read({ minDuration: 'soon' }).errors).toHaveProperty('minDuration');
    expect(read({ minDuration: '2s', maxDuration: '1s' }).errors).toHaveProperty('maxDuration');
    expect(read({ attributes: 'error' }).errors).toHaveProperty('attributes');
    expect(read({ time: 'custom', from: 'monday', to: '19:00' }).errors).toHaveProperty('from');
    expect(read({ time: 'custom', from: '19:00', to: '18:00' }).errors).toHaveProperty('to');
  });

  test('asks in TraceQL for what parameters cannot say, and stays the form that was filled in', () => {
    const typed = { service: 'cart', attributes: 'size>=10', minDuration: '> 1.5 s' };
    const { state } = read(typed);
    expect(state).toMatchObject({
      q: '{ resource.service.name = "cart" && .size >= 10 && duration > 1s500ms }',
      attribute: [],
    });
    expect(state?.service).toBeUndefined();
    const before = { ...toDraft(shown(''), 'utc'), ...typed };
    expect(toDraft(state ?? shown(''), 'utc', before)).toMatchObject({
      mode: 'fields',
      service: 'cart',
      attributes: 'size>=10',
      minDuration: '>1.5s',
    });
    expect(toDraft(state ?? shown(''), 'utc')).toMatchObject({ mode: 'traceql', service: '' });
  });

  test('leaves out a condition whose value is not typed, and keeps it to be typed', () => {
    const { state } = read({ attributes: 'a=1 user.plan=' });
    expect(state).toMatchObject({ attribute: ['a=1'] });
    const before = { ...toDraft(shown(''), 'utc'), attributes: 'a=1 user.plan=' };
    expect(toDraft(state ?? shown(''), 'utc', before).attributes).toBe('a=1 user.plan=');
    expect(toDraft(shown('?attribute=b%3D1'), 'utc', before).attributes).toBe('b=1');
    expect(read({ attributes: 'user.plan=""' }).state).toMatchObject({ attribute: ['user.plan='] });
  });

  test('reads exclusive bounds of durations', () => {
    expect(read({ minDuration: '>500', maxDuration: '< 2s' }).state).toMatchObject({
      minDuration: '500000001ns',
      maxDuration: '1999999999ns',
    });
    expect(toDraft(shown('?minDuration=500000001ns&maxDuration=2s'), 'utc')).toMatchObject({
      minDuration: '>500ms',
      maxDuration: '2s',
    });
    expect(read({ maxDuration: '<0' }).errors).toHaveProperty('maxDuration');
  });

  test('asks for anything when nothing is filled in', () => {
    expect(read({}).state).toEqual({ ...shown(''), lookback: '1h' });
  });
});

test('a parameter that the server refused has its field', () => {
  expect(fieldOfParameter('attribute')).toBe('attributes');
  expect(fieldOfParameter('cursor')).toBeUndefined();
  expect(fieldOfParameter(undefined)).toBeUndefined();
});

describe('what a line means', () => {
  test.each([
    ['{ .a =', 'unreadable'],
    ['{ } | rate()', 'metrics'],
    ['{ } >> { }', 'beyond'],
    ['{ kind = server }', 'fields'],
    [' ', 'fields'],
  ])('%s: %s', (q, kind) => {
    expect(meaningOfLine(q).kind).toBe(kind);
  });
});

describe('the line of TraceQL', () => {
  test('is the query of the address, and asks it', () => {
    const state = shown('?q=%7B+status+%3D+error+%7D&order=slowest&lookback=1h');
    const draft = toDraft(state, 'utc');
    expect(draft).toMatchObject({ mode: 'traceql', q: '{ status = error }' });
    expect(parseDraft(draft, state, clock).state).toMatchObject({
      q: '{ status = error }',
      order: 'slowest',
      attribute: [],
    });
  });

  test('takes over what the fields ask', () => {
    const state = shown('?service=cart&attribute=a%3D1&status=error&minDuration=1.5s');
    expect(toTraceql(toDraft(state, 'utc'))).toMatchObject({
      mode: 'traceql',
      q: '{ resource.service.name = "cart" && (.a = "1" || .a = 1) && status = error && duration >= 1s500ms }',
    });
  });

  test('gives the fields what it asks, where they can ask it, and leaves them alone where not', () => {
    const line = (q: string) =>
      toFields({ ...toDraft(shown('?service=old'), 'utc'), mode: 'traceql', q });
    expect(line('{ .a = "two words" && status = error && duration >= 1500ms }')).toMatchObject({
      mode: 'fields',
      service: '',
      attributes: 'a="two words"',
      status: 'error',
      minDuration: '1.5s',
    });
    expect(line('{ span.http.route="/orders" && duration>500ms }')).toMatchObject({
      mode: 'fields',
      attributes: 'span.http.route=/orders',
      minDuration: '>500ms',
    });
    expect(line('{ ."a key" = "x" }')).toMatchObject({ service: '', attributes: '"a key"=x' });
    expect(line('{ kind = server } >> { }')).toMatchObject({ mode: 'fields', service: 'old' });
    expect(line('{ .a =')).toMatchObject({ service: 'old' });
  });

  test('is not lost to empty fields, which had no way to ask it', () => {
    const draft = { ...toDraft(shown(''), 'utc'), q: '{ .a || .b }' };
    expect(toTraceql(draft).q).toBe('{ .a || .b }');
    expect(toTraceql({ ...draft, service: 'cart' }).q).toBe('{ resource.service.name = "cart" }');
  });

  test('asks for everything when it is empty', () => {
    const { state } = read({ mode: 'traceql', q: '  ' });
    expect(state).toMatchObject({ attribute: [] });
    expect(state?.q).toBeUndefined();
  });

  test('says what it cannot read, and that metrics find no traces', () => {
    expect(read({ mode: 'traceql', q: '{ status = }' }).errors?.q).toBe(
      'expected a value or an attribute but found "}", at character 12',
    );
    expect(read({ mode: 'traceql', q: '{ } | rate()' }).errors).toHaveProperty('q');
  });
});
