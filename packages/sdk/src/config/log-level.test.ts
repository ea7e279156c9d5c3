import { DiagLogLevel } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { readLogLevel } from './log-level.ts';

test.each([
  ['none', DiagLogLevel.NONE],
  ['error', DiagLogLevel.ERROR],
  ['WARN', DiagLogLevel.WARN],
  ['info', DiagLogLevel.INFO],
  ['debug', DiagLogLevel.DEBUG],
  ['verbose', DiagLogLevel.VERBOSE],
  ['all', DiagLogLevel.ALL],
  ['', undefined],
  ['loud', undefined],
])('OTEL_LOG_LEVEL=%s is the level %s', (text, level) => {
  expect(readLogLevel({ OTEL_LOG_LEVEL: text })).toBe(level);
});
