import { expect, test } from 'vitest';
import { createLogger } from './create-logger.ts';
import type { LogFormat, LogLevel } from './create-logger.ts';

const clock = { nowMs: () => Date.UTC(2026, 10, 22, 8, 30) };

function record(format: LogFormat, level: LogLevel = 'debug') {
  const lines: string[] = [];
  const log = createLogger({ format, level, clock, write: (line) => lines.push(line) });
  return { log, lines };
}

test('writes a readable line with the fields behind the message', () => {
  const { log, lines } = record('text');
  log.info('segment stored', { spans: 12, path: 'a b', bytes: 3n, left: undefined });
  expect(lines).toEqual([
    '2026-11-22T08:30:00.000Z info  segment stored spans=12 path="a b" bytes=3\n',
  ]);
});

test('writes one JSON object a line', () => {
  const { log, lines } = record('json');
  log.warn('slow', { bytes: 9007199254740993n, level: 'not this' });
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    time: '2026-11-22T08:30:00.000Z',
    level: 'warn',
    message: 'slow',
    bytes: '9007199254740993',
  });
});

test('drops what is below its level', () => {
  const { log, lines } = record('text', 'warn');
  log.debug('a');
  log.info('b');
  log.warn('c');
  log.error('d');
  expect(lines).toHaveLength(2);
});

test('keeps an entry on its line, whatever it holds', () => {
  const { log, lines } = record('text');
  log.error('bad\nname \u001b[31m', { service: 'x\ny' });
  expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1);
  expect(lines[0]).not.toContain('\u001b');
});
