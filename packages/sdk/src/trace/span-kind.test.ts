import { SpanKind } from '@opentelemetry/api';
import { anything, assert, property } from 'fast-check';
import { expect, test } from 'vitest';
import { readKind } from './span-kind.ts';

test('a kind is what it is, and all else is internal, whatever it is', () => {
  expect(readKind(SpanKind.CONSUMER)).toBe(SpanKind.CONSUMER);
  // An object that cannot become a key, and the name of a kind, which is none.
  for (const odd of [{ toString: 0 }, 'SERVER', 5, -1, 1.5, undefined, null, Symbol('kind')]) {
    expect(readKind(odd)).toBe(SpanKind.INTERNAL);
  }
  assert(property(anything(), (odd) => SpanKind[readKind(odd)] !== undefined));
});
