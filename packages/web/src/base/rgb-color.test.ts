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
    ['oklab(1 0 0)', '#ffffff', 1],
    ['oklab(62.7955% 0.2249 0.1258)', '#ff0000', 1],
    ['lab(100% 0 0)', '#ffffff', 1],
    ['lab(0% 0 0 / 50%)', '#000000', 0.5],
    ['lab(54.2905% 80.8049 69.891)', '#ff0000', 1],
    ['lab(87.8185% -79.271 80.9946 / .72)', '#00ff00', 0.72],
    ['lab(29.5683 68.2874 -112.0297)', '#0000ff', 1],
    ['lab(53.585% none 0)', '#808080', 1],
    ['lch(29.5683 131.2014 301.3641)', '#0000ff', 1],
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
