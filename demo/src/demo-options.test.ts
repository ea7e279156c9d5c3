import { expect, test } from 'vitest';
import { parseDemoOptions } from './demo-options.ts';

test('passes what follows two dashes to the server', () => {
  expect(parseDemoOptions(['--rate', '5', '--', '--data-dir', '/tmp/x'])).toMatchObject({
    rate: 5,
    seed: 1,
    once: false,
    withClew: true,
    serveArguments: ['--data-dir', '/tmp/x'],
  });
});

test('takes a running Clew by its address', () => {
  const options = parseDemoOptions(['--clew-url', 'http://clew.example/base/', '--once']);
  expect(options).toMatchObject({ clewUrl: 'http://clew.example/base', once: true });
});

test('takes faults between commas and one by one, each once', () => {
  const args = ['--fault', 'slow-query, n-plus-one', '--fault', 'slow-query'];
  expect(parseDemoOptions(args)).toMatchObject({ faults: new Set(['slow-query', 'n-plus-one']) });
  expect(parseDemoOptions([])).toMatchObject({ faults: new Set(), userServiceLanguage: 'node' });
});

test('lists all faults, instead of doing anything, when it is asked to', () => {
  expect(parseDemoOptions(['--fault', 'list'])).toMatch(/slow-query .*\n.*lock-contention /s);
});

test.each([
  [['--fault', 'slow'], /^no fault is called "slow"; there are:\n.*bad-version/s],
  [['--user-service', 'rust'], /^--user-service is not one of node, go, python, java: "rust"$/],
  [['--rate', '0'], '--rate is not above zero: "0"'],
  [['--rate', 'fast'], '--rate is not a number: "fast"'],
  [['--clew-url', 'here'], '--clew-url is not a URL: "here"'],
  [['--fast'], "Unknown option '--fast'"],
])('%j is refused by name', (args, message) => {
  expect(() => parseDemoOptions(args)).toThrow(message);
});
