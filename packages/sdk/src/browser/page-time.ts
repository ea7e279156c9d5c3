import type { TimeInput } from '@opentelemetry/api';

/**
 * How far the page's clock has fallen behind the calendar: it stands still while a computer sleeps. In milliseconds; less than a
 * tenth of a second is what clocks differ by, and none.
 */
export function measureSkewMs(): number {
  const skewMs = Date.now() - performance.timeOrigin - performance.now();
  return Math.abs(skewMs) < 100 ? 0 : skewMs;
}

/**
 * Nanoseconds since 1970 of a time in any of the forms in which OpenTelemetry's API takes one: `[seconds, nanoseconds]`, a `Date`,
 * milliseconds since 1970, or a `performance.now()`, which is told apart by being smaller than the time at which the page began.
 * Anything else is now.
 */
export function toUnixNano(input: TimeInput | undefined, skewMs: number): bigint {
  const now = (): bigint => sum(performance.timeOrigin, performance.now(), skewMs);
  try {
    const given = input === undefined ? now() : fromInput(input, skewMs);
    // OTLP has 64 bits for it.
    return BigInt.asUintN(64, given) === given ? given : now();
  } catch {
    return now(); // `BigInt` throws for what is no whole number.
  }
}

function fromInput(input: TimeInput, skewMs: number): bigint {
  if (Array.isArray(input)) return BigInt(input[0]) * 1_000_000_000n + BigInt(input[1]);
  const isOfPage = typeof input === 'number' && input < performance.timeOrigin;
  return isOfPage ? sum(performance.timeOrigin, input, skewMs) : sum(Number(input));
}

/** A double holds today's time to a quarter of a microsecond, so whole milliseconds are added up apart. */
function sum(...partsMs: readonly number[]): bigint {
  let unixNano = 0n;
  for (const partMs of partsMs) {
    const wholeMs = Math.floor(partMs);
    unixNano += BigInt(wholeMs) * 1_000_000n + BigInt(Math.round((partMs - wholeMs) * 1e6));
  }
  return unixNano;
}
