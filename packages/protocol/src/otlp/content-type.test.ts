import { expect, test } from 'vitest';
import { parseOtlpContentType } from './content-type.ts';

test.each([
  ['application/x-protobuf', 'protobuf'],
  ['application/json', 'json'],
  ['application/json; charset=utf-8', 'json'],
  ['Application/JSON;charset=UTF-8', 'json'],
  ['application/protobuf', undefined],
  ['text/plain', undefined],
  ['', undefined],
])('the content type %j is %j', (header, encoding) => {
  expect(parseOtlpContentType(header)).toBe(encoding);
});
