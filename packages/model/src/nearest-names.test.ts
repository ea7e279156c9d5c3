import { expect, test } from 'vitest';
import { nearestNames } from './nearest-names.ts';

const SERVICES = ['api-gateway', 'cart', 'order-service', 'payment-service', 'user-service'];

test.each([
  ['Cart', ['cart']],
  ['order', ['order-service']],
  ['ordre-service', ['order-service', 'user-service']],
  ['user-srevice', ['user-service', 'order-service']],
  ['cart-v2', ['cart']],
  ['crat', ['cart']],
  ['service', ['user-service', 'order-service', 'payment-service']],
])('%s may mean %j', (written, names) => {
  expect(nearestNames(written, SERVICES)).toEqual(names);
});

test('what is like none has none', () => {
  expect(nearestNames('nope', SERVICES)).toEqual([]);
  expect(nearestNames('', SERVICES)).toEqual([]);
  expect(nearestNames('x', ['y'])).toEqual([]);
});
