import type { AttributeJson, SpanEventJson, SpanJson } from '@clew/api';
import { expect, test } from 'vitest';
import { failureReason } from './failure-reason.ts';

function event(name: string, texts: Readonly<Record<string, string>>): SpanEventJson {
  const attributes = Object.entries(texts).map(([key, value]): AttributeJson => ({
    key,
    value: { type: 'string', value },
  }));
  return { timeUnixNano: '0', name, attributes, droppedAttributesCount: 0 };
}

const reason = (statusMessage: string, ...events: readonly SpanEventJson[]) =>
  failureReason({ statusMessage, events } as unknown as SpanJson);

test('a span failed because of what its status says', () => {
  expect(reason('no stock', event('exception', { 'exception.message': 'other' }))).toBe('no stock');
});

test('a span whose status says nothing failed because of its last exception', () => {
  const first = event('exception', { 'exception.message': 'first' });
  const last = event('exception', { 'exception.type': 'Refused', 'exception.message': 'expired' });
  expect(reason('', first, last, event('sent', { message: 'no' }))).toBe('expired');
  expect(reason('', event('exception', { 'exception.type': 'Refused' }))).toBe('Refused');
});

test('what OpenTracing logs as an error is a reason, too', () => {
  expect(reason('', event('error', { 'error.object': 'Error: the card has expired' }))).toBe(
    'Error: the card has expired',
  );
});

test('a span that says nothing has no reason', () => {
  expect(reason('')).toBe('');
  expect(reason('', event('sent', { message: 'no' }))).toBe('');
});
