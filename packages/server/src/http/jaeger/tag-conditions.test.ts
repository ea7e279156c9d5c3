import { printExpression } from '@clew/traceql';
import { expect, test } from 'vitest';
import { conditionOfTag } from './tag-conditions.ts';

const SCOPES = ['span', 'resource', 'instrumentation', 'event', 'link'];

function print(tag: string): string {
  const at = tag.indexOf('=');
  return printExpression(conditionOfTag({ key: tag.slice(0, at), value: tag.slice(at + 1) }));
}

function anywhere(key: string, ...values: readonly string[]): string {
  return SCOPES.flatMap((scope) => values.map((value) => `${scope}.${key} = ${value}`)).join(
    ' || ',
  );
}

test('a tag may be anywhere, of any type that reads like it', () => {
  expect(print('a=x')).toBe(anywhere('a', '"x"'));
  expect(print('a=200')).toBe(anywhere('a', '"200"', '200'));
  expect(print('a=0.5')).toBe(anywhere('a', '"0.5"', '0.5'));
  expect(print('a=true')).toBe(anywhere('a', '"true"', 'true'));
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
  [
    'otel.scope.name=http',
    `instrumentation:name = "http" || ${anywhere('otel.scope.name', '"http"')}`,
  ],
  ['scope.version=1', `instrumentation:version = "1" || ${anywhere('scope.version', '"1"', '1')}`],
  ['event=retry', `event:name = "retry" || ${anywhere('event', '"retry"')}`],
  [
    'otel.status_description=no',
    `statusMessage = "no" || ${anywhere('otel.status_description', '"no"')}`,
  ],
])('%s asks what Jaeger shows as that tag', (tag, condition) => {
  expect(print(tag)).toBe(condition);
});

test('what only looks like one of those is an attribute like any other', () => {
  expect(print('error=timeout')).toBe(anywhere('error', '"timeout"'));
  expect(print('span.kind=loop')).toBe(anywhere('span.kind', '"loop"'));
});
