/** Round durations in nanoseconds, coarse to fine: which of them an axis shows depends on how far it reaches. */
const SECOND = 1e9;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const DECADES = Array.from({ length: 10 }, (_, power) => 10 ** power).concat(
  [10 * SECOND, MINUTE, 10 * MINUTE, HOUR, 10 * HOUR],
  [5 * DAY, 50 * DAY, 500 * DAY, 5000 * DAY],
);

const HALF_DECADES = DECADES.flatMap((start) => {
  if (start < MINUTE) return [start, start === 10 * SECOND ? 30 * SECOND : 3 * start];
  return [start, start === HOUR ? 3 * HOUR : start === 10 * HOUR ? DAY : 3 * start];
});

const FINE = DECADES.flatMap((start) => {
  if (start === 10 * SECOND) return [start, 20 * SECOND, 30 * SECOND];
  if (start === 10 * HOUR) return [start, DAY, 2 * DAY];
  return [start, 2 * start, 5 * start];
});

/** The ticks of a logarithmic duration axis from `min` to `max` nanoseconds: at least two, at most about `wanted`. */
export function logTicks(min: number, max: number, wanted: number): readonly number[] {
  const inside = (ticks: readonly number[]) => ticks.filter((tick) => tick >= min && tick <= max);
  for (const ticks of [FINE, HALF_DECADES, DECADES]) {
    const shown = inside(ticks);
    if (shown.length <= wanted) return shown.length >= 2 ? shown : [min, max];
  }
  const shown = inside(DECADES);
  const step = Math.ceil(shown.length / wanted);
  return shown.filter((_, index) => index % step === 0);
}
