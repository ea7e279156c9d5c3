import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  SERVICE_COLOR_COUNT,
  serviceColorIndex,
  serviceColors,
  servicePaletteColor,
} from './service-color.ts';
import type { Oklch } from './service-color.ts';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

const THEMES = ['light', 'dark'] as const;

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear sRGB. */
const DEFICIENCIES: Readonly<Record<string, Matrix>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** About twice the distance in OKLab at which two areas side by side are just told apart. */
const MIN_DISTANCE_WITH_DEFICIENCY = 0.048;
const MIN_DISTANCE = 0.08;

/** What people try tracing with. */
const SYSTEMS: Readonly<Record<string, string>> = {
  'our shop': 'user-service order-service payment-service inventory-service shop',
  'the Online Boutique':
    'adservice cartservice checkoutservice currencyservice emailservice frontend loadgenerator paymentservice productcatalogservice recommendationservice redis-cart shippingservice',
  'the Sock Shop':
    'front-end edge-router catalogue catalogue-db carts carts-db orders orders-db shipping queue-master rabbitmq payment user user-db',
  HotROD: 'frontend customer driver route mysql redis',
  Bookinfo: 'productpage details reviews ratings',
};

const ASTRONOMY_SHOP =
  'accounting ad cart checkout currency email fraud-detection frontend frontend-proxy frontend-web image-provider load-generator payment product-catalog quote recommendation shipping flagd kafka valkey-cart product-reviews llm';

const palette = (theme: 'light' | 'dark') =>
  Array.from({ length: SERVICE_COLOR_COUNT }, (_, index) => servicePaletteColor(index, theme));

describe.each(THEMES)('the palette in the %s theme', (theme) => {
  test('has twice twelve colours of nearly equal lightness, all of which a screen can show', () => {
    const lightness = palette(theme)
      .map(([value]) => value)
      .toSorted((a, b) => b - a);
    expect(SERVICE_COLOR_COUNT).toBe(24);
    for (const half of [lightness.slice(0, 12), lightness.slice(12)]) {
      expect(Math.max(...half) - Math.min(...half)).toBeLessThanOrEqual(0.101);
    }
    for (const color of palette(theme)) {
      for (const channel of toLinearRgb(color)) {
        expect(channel).toBeGreaterThan(-0.002);
        expect(channel).toBeLessThan(1.002);
      }
    }
  });

  test('keeps any two colours apart', () => {
    expect(smallestDistance(palette(theme).map(toLab))).toBeGreaterThan(MIN_DISTANCE);
  });

  test.each(Object.entries(DEFICIENCIES))('keeps any two colours apart with %s', (_, matrix) => {
    const seen = palette(theme).map((color) => labOfRgb(simulate(matrix, toLinearRgb(color))));
    expect(smallestDistance(seen)).toBeGreaterThan(MIN_DISTANCE_WITH_DEFICIENCY);
  });

  test('stands out from its ground as far as graphics have to', () => {
    const ground: Oklch = theme === 'light' ? [0.99, 0, 0] : [0.22, 0, 0];
    for (const color of palette(theme)) expect(contrast(color, ground)).toBeGreaterThanOrEqual(3);
  });

  test('keeps away from the grey of what has no value', () => {
    const grey: Oklch = theme === 'light' ? [0.62, 0.006, 80] : [0.72, 0.006, 80];
    for (const color of palette(theme)) {
      expect(distance(toLab(color), toLab(grey))).toBeGreaterThan(0.03);
    }
  });

  test('keeps away from the red of errors', () => {
    const error: Oklch = theme === 'light' ? [0.53, 0.2, 27] : [0.72, 0.165, 25];
    for (const color of palette(theme)) {
      expect(distance(toLab(color), toLab(error))).toBeGreaterThan(MIN_DISTANCE);
    }
  });

  test('has no strong colour that could be taken for the red of errors at the size of a stroke', () => {
    for (const [, chroma, hue] of palette(theme)) {
      if (hue > 342 || hue < 62) expect(chroma).toBeLessThan(0.13);
    }
  });

  test('is the one of the style sheet', () => {
    const sheet = readFileSync(new URL('../ui/service-colors.css', import.meta.url), 'utf8');
    const part = sheet.split("[data-theme='dark']")[theme === 'light' ? 0 : 1] ?? '';
    for (const [index, color] of serviceColors(theme).entries()) {
      expect(part).toContain(`--service-${index}: ${color};`);
    }
  });
});

describe('serviceColorIndex', () => {
  test('depends on nothing but the name, from release to release', () => {
    expect(['order-service', 'user-service', 'frontend', '', 'Überweisung'].map(serviceColorIndex))
      .toMatchInlineSnapshot(`
        [
          21,
          2,
          15,
          19,
          10,
        ]
      `);
  });

  test.each(Object.entries(SYSTEMS))('gives each service of %s a colour of its own', (_, names) => {
    expect(sharingPairs(names.split(' '))).toEqual([]);
  });

  test('lets few of twenty services share a colour', () => {
    // Chance alone has 9.6 of the 231 pairs share one, and had 19 of them when there were twelve colours.
    expect(sharingPairs(ASTRONOMY_SHOP.split(' '))).toHaveLength(5);
  });

  test.each([5, 8, 12])('lets any %i names meet as rarely as chance has it', (size) => {
    // A random stretch of names that look like those of services, many times over.
    const words = [
      'cart',
      'user',
      'mail',
      'stock',
      'price',
      'search',
      'auth',
      'media',
      'geo',
      'ad',
    ];
    const ends = ['-service', '-api', '-worker', '-db', '', '-gateway', '-v2', '-proxy'];
    const names = words.flatMap((word) => ends.map((end) => `${word}${end}`));
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: size, maxLength: size }), (some) => {
        meetings.push(sharingPairs(some).length);
      }),
      { numRuns: 2000, seed: 7 },
    );
    const mean = meetings.splice(0).reduce((sum, count) => sum + count, 0) / 2000;
    const byChance = (size * (size - 1)) / 2 / SERVICE_COLOR_COUNT;
    expect(mean).toBeLessThan(byChance * 1.25);
  });

  test('spreads names that differ in one letter over the whole palette', () => {
    const counts = Array.from({ length: SERVICE_COLOR_COUNT }, () => 0);
    for (let i = 0; i < 2400; i++) {
      const index = serviceColorIndex(`service-${i}`);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(60);
    expect(Math.max(...counts)).toBeLessThan(150);
  });
});

const meetings: number[] = [];

function sharingPairs(names: readonly string[]): readonly string[] {
  return names.flatMap((a, i) =>
    names
      .slice(i + 1)
      .filter((b) => serviceColorIndex(a) === serviceColorIndex(b))
      .map((b) => `${a} ${b}`),
  );
}

/** As WCAG has it, of relative luminance. */
function contrast(a: Oklch, b: Oklch): number {
  const luminance = (color: Oklch) => {
    const [red, green, blue] = toLinearRgb(color);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function smallestDistance(colors: readonly Triple[]): number {
  const distances = colors.flatMap((a, i) => colors.slice(i + 1).map((b) => distance(a, b)));
  return Math.min(...distances);
}

function distance(a: Triple, b: Triple): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function toLab([lightness, chroma, hue]: Oklch): Triple {
  const angle = (hue * Math.PI) / 180;
  return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)];
}

function toLinearRgb(color: Oklch): Triple {
  const [lightness, a, b] = toLab(color);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function labOfRgb([red, green, blue]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function simulate([red, green, blue]: Matrix, rgb: Triple): Triple {
  const channel = (row: Triple) =>
    Math.min(1, Math.max(0, row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2]));
  return [channel(red), channel(green), channel(blue)];
}
