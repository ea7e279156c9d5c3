import { expect, test } from 'vitest';
import { whereToLook } from './where-to-look.ts';

const clew = { uiUrl: 'http://localhost:7', otlpEndpoint: 'http://localhost:8', isOurs: true };

test('a Clew of the demo is started again with the options that it had', () => {
  expect(whereToLook(clew, [], 'abc')).toBe('npm start, then http://localhost:7/trace/abc');
  expect(whereToLook(clew, ['--http-port', '7'], 'abc')).toBe(
    'npm start -- --http-port 7, then http://localhost:7/trace/abc',
  );
});

test('a Clew that goes on shows the trace at once', () => {
  expect(whereToLook({ ...clew, isOurs: false }, [], 'abc')).toBe('http://localhost:7/trace/abc');
});

test('without a Clew there is nowhere to look', () => {
  expect(whereToLook({ ...clew, uiUrl: undefined }, [], 'abc')).toBeUndefined();
});
