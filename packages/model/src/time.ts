declare const unixNanoBrand: unique symbol;
declare const durationNanoBrand: unique symbol;

/** Nanoseconds since 1970-01-01T00:00:00Z, 0 to 2^64 - 1: OTLP's `fixed64`, which reaches to the year 2554. */
export type UnixNano = bigint & { readonly [unixNanoBrand]: true };

/** A length of time in nanoseconds, 0 to 2^64 - 1. */
export type DurationNano = bigint & { readonly [durationNanoBrand]: true };

const MAX_UINT64 = (1n << 64n) - 1n;
const NANOS_PER_MILLI = 1_000_000n;

/** Brands a number of nanoseconds since 1970; a value outside the range is clamped into it. */
export function unixNano(nanoseconds: bigint): UnixNano {
  return clampUint64(nanoseconds) as UnixNano;
}

/** Brands a number of nanoseconds as a duration; a negative one becomes 0. */
export function durationNano(nanoseconds: bigint): DurationNano {
  return clampUint64(nanoseconds) as DurationNano;
}

/** Converts milliseconds since 1970, as `Date.now()` gives them. */
export function unixNanoFromMs(milliseconds: number): UnixNano {
  return unixNano(BigInt(Math.trunc(milliseconds)) * NANOS_PER_MILLI);
}

/** Converts to milliseconds since 1970, cutting what is below a millisecond. */
export function unixMsFromNano(time: UnixNano): number {
  return Number(time / NANOS_PER_MILLI);
}

function clampUint64(value: bigint): bigint {
  if (value < 0n) return 0n;
  return value > MAX_UINT64 ? MAX_UINT64 : value;
}
