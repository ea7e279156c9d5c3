import type { AttributeValueJson } from '@clew/api';
import { expect, test } from 'vitest';
import { formatComparison, isComparison } from './format-comparison.ts';

function seriesOf(meta: string, name: string, value: AttributeValueJson, count: number) {
  const metaName = meta.startsWith('__') ? '__meta_error' : '__meta_type';
  const labels = [
    { name: metaName, value: { type: 'string' as const, value: meta } },
    { name, value },
  ];
  return { labels, value: count };
}

function text(value: string): AttributeValueJson {
  return { type: 'string', value };
}

const NIL: AttributeValueJson = { type: 'empty' };

test('what tells the sides apart best comes first, and what cannot be told apart last', () => {
  const answer = {
    series: [
      seriesOf('baseline', 'kind', text('server'), 100),
      seriesOf('selection', 'kind', text('server'), 5),
      seriesOf('baseline_total', 'kind', NIL, 100),
      seriesOf('selection_total', 'kind', NIL, 5),
      seriesOf('__too_many_values__', 'span.id', NIL, 0),
      seriesOf('baseline_total', 'span.id', NIL, 90),
      seriesOf('baseline', 'span.version', text('1'), 60),
      seriesOf('baseline', 'span.version', text('2'), 20),
      seriesOf('selection', 'span.version', text('2'), 4),
      seriesOf('baseline_total', 'span.version', NIL, 80),
      seriesOf('selection_total', 'span.version', NIL, 4),
      seriesOf('selection_total', 'span.tags', NIL, 1),
    ],
  };
  expect(isComparison(answer)).toBe(true);
  expect(formatComparison(answer)).toBe(
    [
      'ATTRIBUTE     VALUE                   SELECTION      %  BASELINE      %',
      'span.version  "2"                             4   80.0        20   20.0',
      'span.version  "1"                                             60   60.0',
      'kind          "server"                        5  100.0       100  100.0',
      'span.id       (too many values)               0               90',
      'span.tags     (lists, maps or bytes)          1                0',
    ].join('\n'),
  );
});

test('other series are no comparison', () => {
  expect(isComparison({ series: [] })).toBe(false);
  const labels = [{ name: 'name', value: text('a') }];
  expect(isComparison({ series: [{ labels, value: 1 }] })).toBe(false);
});
