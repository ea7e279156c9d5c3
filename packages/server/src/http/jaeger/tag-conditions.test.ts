import { printExpression } from '@clew/traceql';
import { expect, test } from 'vitest';
import { conditionsOfTag } from './tag-conditions.ts';

function print(tag: string) {
  const at = tag.indexOf('=');
  const { own, details } = conditionsOfTag({ key: tag.slice(0, at), value: tag.slice(at + 1) });
  return { own: printExpression(own), details: details && printExpression(details) };
}

function among(scopes: readonly string[], key: string, values: readonly string[]): string {
  return scopes
    .flatMap((scope) => values.map((value) => `${scope}.${key} = ${value}`))
    .join(' || ');
}

function own(key: string, ...values: readonly string[]): string {
  return among(['span', 'resource', 'instrumentation'], key, values);
}

function details(key: string, ...values: readonly string[]): string {
  return among(['event', 'link'], key, values);
}

test.each([
  ['a=x', ['"x"']],
  ['a=200', ['"200"', '200']],
  ['a=0.5', ['"0.5"', '0.5']],
  ['a=true', ['"true"', 'true']],
])('%s may be anywhere, of any type that reads like it', (tag, values) => {
  expect(print(tag)).toEqual({ own: own('a', ...values), details: details('a', ...values) });
});

test.each(['constructor', 'toString', '__proto__'])('%s is a key like others', (key) => {
  expect(print(`${key}=x`)).toEqual({ own: own(key, '"x"'), details: details(key, '"x"') });
});

test('a status that is named like a member of every object is an attribute', () => {
  expect(print('otel.status_code=constructor').own).toBe(own('otel.status_code', '"constructor"'));
});

test.each([
  ['error=true', 'status = error || span.error = "true" || span.error = true'],
  ['error=T', 'status = error || span.error = "true" || span.error = true'],
  ['error=false', 'status = ok || span.error = "false" || span.error = false'],
  ['otel.status_code=OK', 'status = ok'],
  ['otel.status_code=ERROR', 'status = error'],
  ['span.status=unset', 'status = unset'],
  ['span.kind=server', 'kind = server'],
  ['span.kind=CLIENT', 'kind = client'],
  ['resource.host.name=a', 'resource.host.name = "a"'],
])('%s asks what Jaeger shows as that tag, and nothing of events and links', (tag, condition) => {
  expect(print(tag)).toEqual({ own: condition, details: undefined });
});

test.each([
  ['otel.scope.name', 'instrumentation:name'],
  ['scope.version', 'instrumentation:version'],
  ['otel.status_description', 'statusMessage'],
])('%s is a field, or an attribute like any other', (key, field) => {
  expect(print(`${key}=x`)).toEqual({
    own: `${field} = "x" || ${own(key, '"x"')}`,
    details: details(key, '"x"'),
  });
});

test('an event is found by its name', () => {
  expect(print('event=retry')).toEqual({
    own: own('event', '"retry"'),
    details: `event:name = "retry" || ${details('event', '"retry"')}`,
  });
});

test('what only looks like one of those is an attribute like any other', () => {
  expect(print('error=timeout').own).toBe(own('error', '"timeout"'));
  expect(print('span.kind=loop').own).toBe(own('span.kind', '"loop"'));
});
