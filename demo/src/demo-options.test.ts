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

test.each([
  [['--rate', '0'], '--rate is not above zero: "0"'],
  [['--rate', 'fast'], '--rate is not a number: "fast"'],
  [['--clew-url', 'here'], '--clew-url is not a URL: "here"'],
  [['--fast'], "Unknown option '--fast'"],
])('%j is refused by name', (args, message) => {
  expect(() => parseDemoOptions(args)).toThrow(message);
});
