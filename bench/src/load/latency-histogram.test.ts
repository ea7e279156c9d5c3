import { expect, test } from 'vitest';
import { LatencyHistogram } from './latency-histogram.ts';

test('tells quantiles to half a percent and the longest latency exactly', () => {
  const histogram = new LatencyHistogram();
  for (let ms = 1; ms <= 10_000; ms++) histogram.add(ms / 7);
  const copy = new LatencyHistogram(histogram.toCounts());
  for (const share of [0.01, 0.5, 0.99]) {
    const exactMs = (share * 10_000 + 1) / 7;
    expect(Math.abs(copy.quantileMs(share) / exactMs - 1)).toBeLessThan(0.0051);
  }
  expect(copy.quantileMs(1)).toBe(10_000 / 7);
});

test('knows nothing before the first latency, and takes the shortest', () => {
  const histogram = new LatencyHistogram();
  expect(histogram.quantileMs(0.5)).toBeNaN();
  histogram.add(0);
  expect(histogram.quantileMs(0.5)).toBe(0);
});
