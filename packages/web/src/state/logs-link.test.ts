import { describe, expect, test } from 'vitest';
import { formatLogsLink } from './logs-link.ts';

const values = {
  traceId: '4bf92f35',
  spanId: '00f067aa',
  service: 'a&b c',
  startMs: '1000',
  endMs: '2000',
};

describe('formatLogsLink', () => {
  test('puts what is known of a span into the address, escaped', () => {
    const template = 'https://logs.example/q?trace=${traceId}&s=${service}&from=${startMs}&x=${x}';
    const link = formatLogsLink(template, values) ?? '';
    const { searchParams } = new URL(link);
    expect(Object.fromEntries(searchParams)).toEqual({
      trace: '4bf92f35',
      s: 'a&b c',
      from: '1000',
      x: '${x}',
    });
  });

  test('makes no link of what is no address of the web', () => {
    for (const template of ['', 'logs', 'javascript:alert(1)//${traceId}', 'data:text/html,x'])
      expect(formatLogsLink(template, values)).toBeUndefined();
  });
});
