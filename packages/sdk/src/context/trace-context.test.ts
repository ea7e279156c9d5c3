import { ROOT_CONTEXT, createContextKey, trace } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { TraceContext } from './trace-context.ts';

const KEY = createContextKey('key');
const OTHER = createContextKey('other');
const span = trace.wrapSpanContext({
  traceId: '1'.repeat(32),
  spanId: '2'.repeat(16),
  traceFlags: 1,
});

test('a context keeps what it had when its span is another', () => {
  const ctx = TraceContext.withSpan(TraceContext.root.setValue(KEY, 1), span);
  expect(ctx.getValue(KEY)).toBe(1);
  expect(trace.getSpan(ctx)).toBe(span);
  expect(trace.getSpan(trace.deleteSpan(ctx))).toBeUndefined();
  expect(TraceContext.root.getValue(KEY)).toBeUndefined();
});

test("a context of the API's own goes on in ours, without its span", () => {
  const foreign = trace.setSpan(ROOT_CONTEXT.setValue(KEY, 1).setValue(OTHER, 2), span);
  const ctx = TraceContext.withSpan(foreign, undefined);
  expect([ctx.getValue(KEY), ctx.getValue(OTHER)]).toEqual([1, 2]);
  expect(trace.getSpan(ctx)).toBeUndefined();
  const changed = ctx.setValue(KEY, 3).deleteValue(OTHER);
  expect([changed.getValue(KEY), changed.getValue(OTHER)]).toEqual([3, undefined]);
  expect([foreign.getValue(KEY), foreign.getValue(OTHER)]).toEqual([1, 2]);
});
