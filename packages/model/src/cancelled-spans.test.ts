import { describe, expect, test } from 'vitest';
import type { Attribute } from './attributes.ts';
import type { Span } from './span.ts';
import { exampleSpan } from './testing/example-span.ts';
import { unixNano } from './time.ts';
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
    [
      'by Kotlin',
      { attributes: [text('error.type', 'kotlinx.coroutines.JobCancellationException')] },
    ],
    ['by a type in Go', { attributes: [text('error.type', 'context canceled')] }],
    ['by Connect', { attributes: [text('rpc.connect_rpc.error_code', 'canceled')] }],
    ['by Tomcat', { attributes: [text('error.type', 'org.apache.ClientAbortException')] }],
    ['by gRPC’s message', { status: 'error', statusMessage: '1 CANCELLED: Call cancelled' }],
    ['by Java’s gRPC', { status: 'error', statusMessage: 'CANCELLED: io.grpc.Context was …' }],
    ['by Go’s gRPC', { status: 'error', statusMessage: 'rpc error: code = Canceled desc = …' }],
    [
      'by PostgreSQL',
      { status: 'error', statusMessage: 'canceling statement due to user request' },
    ],
    ['by fetch', { status: 'error', statusMessage: 'The operation was aborted' }],
    ['by a client', { status: 'error', statusMessage: 'cancelled by the client' }],
    [
      'by a log of OpenTracing',
      { events: [{ ...exception(text('message', 'context canceled')), name: 'error' }] },
    ],
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
    [
      'an order was cancelled',
      { status: 'error', statusMessage: 'order 5 was cancelled by its customer' },
    ],
    [
      'an order was, for lack of stock',
      { status: 'error', statusMessage: 'order cancelled: nothing left' },
    ],
    ['a card was', { attributes: [text('error.type', 'shop.CardCancelledException')] }],
    [
      'a statement took too long',
      {
        status: 'error',
        statusMessage: 'canceling statement due to statement timeout',
      },
    ],
    [
      'an event that is no error has the word',
      { events: [{ ...exception(text('message', 'request canceled')), name: 'message' }] },
    ],
    ['the word is not alone', { attributes: [text('error.type', 'AbortedTransactionRetry')] }],
  ])('is none where %s', (_, changes) => {
    expect([...findCancelledSpans([exampleSpan(changes)])]).toEqual([0]);
  });
});
