import { expect, test } from 'vitest';
import { CachedTraceState } from './cached-trace-state.ts';

test('puts what was set last in front, and leaves the one it came from alone', () => {
  const first = CachedTraceState.parse('a=1, b=2');
  const second = first.set('b', '3').set('c', '4');
  expect(second.serialize()).toBe('c=4,b=3,a=1');
  expect(second.get('b')).toBe('3');
  expect(second.unset('c').unset('none').serialize()).toBe('b=3,a=1');
  expect(first.serialize()).toBe('a=1,b=2');
});

test.each([
  ['', 'x'],
  ['Upper', 'x'],
  ['a', 'x,b=y'],
  ['a', 'x=y'],
  ['a', ''],
])('takes no entry %j with value %j', (key, value) => {
  expect(CachedTraceState.parse('a=1').set(key, value).serialize()).toBe('a=1');
});

test('is empty when its header is malformed', () => {
  expect(CachedTraceState.parse('a=1,,=').serialize()).toBe('');
  expect(CachedTraceState.parse('a=1,a=2').get('a')).toBeUndefined();
});
