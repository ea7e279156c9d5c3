import type { AttributeJson } from '@clew/api';
import { expect, test } from 'vitest';
import { orderAttributes } from './order-attributes.ts';

const attributes = (keys: string): readonly AttributeJson[] =>
  keys.split(' ').map((key) => ({ key, value: { type: 'string', value: 'x' } }));

const shown = (keys: string, count = 3) =>
  orderAttributes(attributes(keys), count)
    .map(({ key }) => key)
    .join(' ');

test('a query stands before all that queries of a service have alike', () => {
  expect(shown('db.system.name server.address server.port db.namespace db.query.text')).toBe(
    'db.query.text db.system.name server.address',
  );
  expect(shown('peer.service db.statement http.route')).toBe(
    'db.statement http.route peer.service',
  );
});

test('an address stands before its route, and a queue and a method before the rest', () => {
  expect(shown('http.request.method http.route url.path', 2)).toBe('url.path http.route');
  expect(shown('messaging.system messaging.destination.name', 1)).toBe(
    'messaging.destination.name',
  );
  expect(shown('rpc.system rpc.service rpc.method', 1)).toBe('rpc.method');
  expect(shown('exception.type exception.message', 1)).toBe('exception.message');
});

test('attributes that tell nothing stay as they were sent', () => {
  expect(shown('b a c')).toBe('b a c');
});
