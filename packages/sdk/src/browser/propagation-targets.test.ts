import { expect, test } from 'vitest';
import { propagationTargets } from './propagation-targets.ts';

test('the trace goes to the page’s own origin and to where the page says, and nowhere else', () => {
  const targets = ['https://api.shop.example/v1', /^https:\/\/[a-z]+\.shop\.test\//g, 'nonsense'];
  const isTarget = propagationTargets(targets, 'https://shop.example');
  const goesTo = (address: string): boolean => isTarget(new URL(address));
  expect(goesTo('https://shop.example/price')).toBe(true);
  expect(goesTo('http://shop.example/price')).toBe(false);
  expect(goesTo('https://api.shop.example/users')).toBe(true);
  // An expression with a flag that remembers where it was.
  expect(goesTo('https://a.shop.test/x')).toBe(true);
  expect(goesTo('https://a.shop.test/x')).toBe(true);
  expect(goesTo('https://evil.example/?https://a.shop.test/')).toBe(false);
  expect(goesTo('https://api.shop.example.evil.example/')).toBe(false);
});
