import { describe, expect, test } from 'vitest';
import { parseSearchState, resolveSearchState } from '../../../state/search-state.ts';
import { fitSearch, isSqueezed } from './fit-search.ts';
import { toHeatmap } from './heatmap.ts';

const END_MS = Date.UTC(2026, 10, 22, 12);
const MINUTE_MS = 60_000;

/** Looks back an hour, in columns of 30 seconds, with spans in those that began so many seconds before its end. */
function hourWith(...secondsAgo: readonly number[]) {
  const startMs = END_MS - 60 * MINUTE_MS;
  const cells = secondsAgo.map((seconds) => ({
    interval: 120 - Math.ceil(seconds / 30),
    maxDurationNano: String(2 ** 20),
    spanCount: 1,
    errorCount: 0,
  }));
  return toHeatmap(
    { startUnixNano: `${startMs}000000`, stepNano: '30000000000', cells },
    { startMs, endMs: END_MS },
  );
}

const state = (given: Readonly<Record<string, string>>) =>
  resolveSearchState(parseSearchState(given), END_MS);
const lastHour = state({ service: 'cart', lookback: '1h' });
const nanos = (unixMs: number) => `${unixMs}000000`;

describe('fitting to the data', () => {
  test('looks back less far, from the same end, while spans still come', () => {
    expect(fitSearch(lastHour, hourWith(200, 10))).toEqual({
      ...lastHour,
      lookback: '5m',
      start: nanos(END_MS - 5 * MINUTE_MS),
    });
    expect(fitSearch(lastHour, hourWith(10 * 60, 60))).toMatchObject({ lookback: '15m' });
  });

  test('takes the time of the spans themselves where none came lately', () => {
    expect(fitSearch(lastHour, hourWith(40 * 60, 30 * 60))).toEqual({
      ...lastHour,
      lookback: undefined,
      start: nanos(END_MS - 40 * MINUTE_MS),
      end: nanos(END_MS - 30 * MINUTE_MS + 30_000),
    });
  });

  test('takes the time of the spans where no shorter look back is offered, and of a time from – to', () => {
    const lastMinutes = state({ lookback: '5m' });
    const end = nanos(END_MS);
    expect(fitSearch({ ...lastHour, lookback: undefined }, hourWith(90, 10))).toMatchObject({
      lookback: undefined,
      start: nanos(END_MS - 90_000),
      end,
    });
    const startMs = END_MS - 5 * MINUTE_MS;
    const cells = [{ interval: 9, maxDurationNano: '1', spanCount: 1, errorCount: 0 }];
    const histogram = { startUnixNano: nanos(startMs), stepNano: '30000000000', cells };
    const picture = toHeatmap(histogram, { startMs, endMs: END_MS });
    expect(fitSearch(lastMinutes, picture)).toMatchObject({
      lookback: undefined,
      start: nanos(END_MS - 30_000),
      end,
    });
  });

  test('is nothing where spans are all over the picture, or there are none', () => {
    expect(fitSearch(lastHour, hourWith(58 * 60, 10))).toBeUndefined();
    expect(fitSearch(lastHour, hourWith())).toBeUndefined();
  });
});

test('a picture is squeezed when all that was looked back for began in its last tenth', () => {
  expect(isSqueezed(lastHour, hourWith(6 * 60, 10))).toBe(true);
  expect(isSqueezed(lastHour, hourWith(7 * 60, 10))).toBe(false);
  expect(isSqueezed(lastHour, hourWith())).toBe(false);
  expect(isSqueezed({ ...lastHour, lookback: undefined }, hourWith(10))).toBe(false);
});
