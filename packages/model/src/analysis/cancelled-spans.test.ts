import { describe, expect, test } from 'vitest';
import type { Attribute } from '../attributes.ts';
import type { Span } from '../span.ts';
import { exampleSpan } from '../testing/example-span.ts';
import { unixNano } from '../time.ts';
import { findCancelledSpans } from './cancelled-spans.ts';

function text(key: string, value: string): Attribute {
  return { key, value: { type: 'string', value } };
}

function int(key: string, value: bigint): Attribute {
  return { key, value: { type: 'int', value } };
}

function exception(...attributes: readonly Attribute[]): Span['events'][number] {
  return { name: 'exception', timeUnixNano: unixNano(1n), attributes, droppedAttributesCount: 0 };
}

describe('a cancelled span', () => {
  test.each<[string, Partial<Span>]>([
    ['by gRPC', { attributes: [int('rpc.grpc.status_code', 1n)] }],
    ['by its name in gRPC', { attributes: [text('rpc.response.status_code', 'CANCELLED')] }],
    ['by a client that went away', { attributes: [int('http.response.status_code', 499n)] }],
    ['by a type of error', { attributes: [text('error.type', 'AbortError')] }],
    [
      'by an exception',
      { events: [exception(text('exception.type', 'java.util.concurrent.CancellationException'))] },
    ],
    [
      'by .NET',
      { events: [exception(text('exception.type', 'System.OperationCanceledException'))] },
    ],
    ['by Python', { attributes: [text('error.type', 'asyncio.exceptions.CancelledError')] }],
    ['by Go', { status: 'error', statusMessage: 'rpc error: context canceled' }],
  ])('is told %s', (_, changes) => {
    expect([...findCancelledSpans([exampleSpan(changes)])]).toEqual([1]);
  });

  test.each<[string, Partial<Span>]>([
    ['nothing says so', {}],
    ['it failed of something else', { status: 'error', statusMessage: 'deadline exceeded' }],
    ['gRPC has another code', { attributes: [int('rpc.grpc.status_code', 14n)] }],
    [
      'only a name has the word',
      { name: 'cancelled-orders', attributes: [text('url.path', '/cancelled')] },
    ],
    [
      'it says it went well',
      { status: 'ok', events: [exception(text('exception.type', 'AbortError'))] },
    ],
    ['the word is not alone', { attributes: [text('error.type', 'AbortedTransactionRetry')] }],
  ])('is none where %s', (_, changes) => {
    expect([...findCancelledSpans([exampleSpan(changes)])]).toEqual([0]);
  });
});
