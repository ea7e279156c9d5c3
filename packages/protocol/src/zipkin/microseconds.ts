const NANOS_PER_MICRO = 1000n;
const DIGITS = /^-?\d{1,20}$/;

/** Beyond the year 2554, in microseconds, and far from where a double's conversion to an integer is slow. */
const MAX_MICROS = 2 ** 60;

/**
 * Reads microseconds, as Zipkin counts, into nanoseconds: a whole number, a number with a fraction, which some senders
 * have, or either as text. Of any sign; one that is absurdly large is cut to 2^60. `undefined` when it is no number.
 */
export function parseMicros(sent: unknown): bigint | undefined {
  if (typeof sent === 'string' && DIGITS.test(sent)) return BigInt(sent) * NANOS_PER_MICRO;
  if (typeof sent === 'string' && sent.trim() === '') return undefined;
  const micros = typeof sent === 'string' ? Number(sent) : sent;
  if (typeof micros !== 'number' || Number.isNaN(micros)) return undefined;
  const bounded = Math.min(Math.max(micros, -MAX_MICROS), MAX_MICROS);
  const whole = Math.trunc(bounded);
  return BigInt(whole) * NANOS_PER_MICRO + BigInt(Math.round((bounded - whole) * 1000));
}
