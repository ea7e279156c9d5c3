import { describe, expect, test } from 'vitest';
import { toRgbColor } from './rgb-color.ts';

describe('toRgbColor', () => {
  // The primaries as CSS Color 4 converts them.
  test.each([
    ['oklch(1 0 0)', '#ffffff', 1],
    ['oklch(0 0 0)', '#000000', 1],
    ['oklch(0.627955 0.257683 29.2339)', '#ff0000', 1],
    ['oklch(0.86644 0.294827 142.4953)', '#00ff00', 1],
    ['oklch(0.452014 0.313214 264.052)', '#0000ff', 1],
    ['oklch(0.998 0.001 85 / 0.72)', '#fffefe', 0.72],
  ])('turns %s into %s', (color, hex, opacity) => {
    expect(toRgbColor(color)).toEqual({ hex, opacity });
  });

  test('cuts off what no screen of sRGB shows', () => {
    expect(toRgbColor('oklch(0.7 0.4 150)').hex).toMatch(/^#00[0-9a-f]{4}$/);
  });

  test('leaves other colours as they are', () => {
    expect(toRgbColor('#123456')).toEqual({ hex: '#123456', opacity: 1 });
    expect(toRgbColor('transparent')).toEqual({ hex: 'transparent', opacity: 1 });
  });
});
