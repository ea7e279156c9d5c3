import { describe, expect, test } from 'vitest';
import { DecodeError, NotFoundError, OverloadedError, StorageError, shorten } from './errors.ts';

describe('errors', () => {
  test('a decode error says where in the payload it stopped', () => {
    const error = new DecodeError('length 12 runs past the end', {
      format: 'otlp protobuf',
      offset: 40,
      path: 'resourceSpans[0].scopeSpans[2]',
    });
    expect(error.message).toBe(
      'otlp protobuf: length 12 runs past the end in resourceSpans[0].scopeSpans[2] at byte 40',
    );
    expect(error.code).toBe('invalid_argument');
  });

  test('every error carries its class as name, and its cause', () => {
    const cause = new Error('disk');
    const error = new OverloadedError('the backlog is full', { retryAfterMs: 500, cause });
    expect(error.name).toBe('OverloadedError');
    expect(error.cause).toBe(cause);
  });

  test('a storage error is internal unless it says otherwise', () => {
    expect(new StorageError('part is broken').code).toBe('internal');
    expect(new StorageError('disk full', { code: 'unavailable' }).code).toBe('unavailable');
  });

  test('a long value is cut to 100 characters', () => {
    expect(shorten('x'.repeat(100))).toBe('x'.repeat(100));
    expect(shorten('x'.repeat(101))).toBe(`${'x'.repeat(99)}…`);
    expect(new NotFoundError('trace', 'y'.repeat(500)).message.length).toBeLessThan(130);
  });
});
