import { describe, expect, test } from 'vitest';
import { ERROR_COLOR_INDEX, NO_COLOR_INDEX, serviceColorIndex } from '../base/service-color.ts';
import { indexOfName, orderTrace, toView } from '../testing/trace-fixtures.ts';
import { COLORINGS, colorByValue, colorSpans } from './color-spans.ts';

const view = toView(orderTrace({ isFailed: true }));

describe('colorSpans', () => {
  test('gives services the colours that they have everywhere', () => {
    const { colors, groups } = colorSpans(view, 'service');
    expect(colors).toEqual(view.colors);
    expect(groups.map(({ label, spanCount }) => [label, spanCount])).toEqual([
      ['order-service', 5],
      ['user-service', 3],
    ]);
    expect(groups[0]?.color).toBe(serviceColorIndex('order-service'));
  });

  test('gives nothing but failed spans the red of errors', () => {
    for (const coloring of COLORINGS) {
      const { colors } = colorSpans(view, coloring);
      const red = Array.from(colors, (color) => color === ERROR_COLOR_INDEX);
      const failed = Array.from(view.errors, (error) => error === 1 && coloring === 'status');
      expect(red).toEqual(failed);
    }
  });

  test('tells kinds apart', () => {
    const { colors, groups } = colorSpans(view, 'kind');
    expect(new Set(groups.map(({ color }) => color)).size).toBe(groups.length);
    expect(colors[indexOfName(view, 'SELECT users')]).toBe(
      groups.find(({ label }) => label === 'client')?.color,
    );
  });

  test('gives a value its colour in every trace, and grey to spans without one', () => {
    const indexes = new Int32Array(view.spanCount).fill(-1);
    indexes.set([0, 1, 1], 2);
    const { colors, groups } = colorByValue(view, { texts: ['/a', '/b'], indexes });
    const [none, a, b] = [NO_COLOR_INDEX, serviceColorIndex('/a'), serviceColorIndex('/b')];
    expect([...colors]).toEqual([none, none, a, b, b, none, none, none]);
    expect(groups.map(({ label, spanCount }) => [label, spanCount])).toEqual([
      [undefined, 5],
      ['/b', 2],
      ['/a', 1],
    ]);
    const other = colorByValue(view, { texts: ['/b'], indexes: indexes.fill(0) });
    expect(other.groups[0]?.color).toBe(b);
  });

  test('counts every span once, whatever colours stand for', () => {
    for (const coloring of COLORINGS) {
      const counts = colorSpans(view, coloring).groups.map(({ spanCount }) => spanCount);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(view.spanCount);
    }
  });
});
