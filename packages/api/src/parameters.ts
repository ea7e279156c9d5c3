/** Query parameters that several routes take, as they stand in a URL. */
import { z } from 'zod';

const UNIT_NANOS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  // Unicode has two: the micro sign, and the Greek letter that some keyboards give.
  '\u00b5s': 1e3,
  '\u03bcs': 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

const DURATION = /^(\d+(?:\.\d+)?)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)$/;

/** Reads a duration with its unit (`250ms`, `1.5s`) into nanoseconds; `undefined` when it is anything else. */
export function parseDuration(text: string): bigint | undefined {
  const match = DURATION.exec(text.trim());
  if (match === null) return undefined;
  const nanos = Number(match[1]) * (UNIT_NANOS[match[2] ?? ''] ?? Number.NaN);
  return Number.isFinite(nanos) && nanos < 2 ** 63 ? BigInt(Math.round(nanos)) : undefined;
}

export const duration: z.ZodType<bigint> = z.string().transform((text, context) => {
  const nanos = parseDuration(text);
  if (nanos !== undefined) return nanos;
  context.addIssue({
    code: 'custom',
    message: 'expected a number with a unit of ns, us, ms, s, m or h, such as 250ms',
  });
  return z.NEVER;
});

export const unixNano: z.ZodType<bigint> = z
  .string()
  .regex(/^\d{1,20}$/, 'expected nanoseconds since 1970 in decimal digits')
  .transform((digits, context) => {
    const nanos = BigInt(digits);
    if (nanos < 1n << 64n) return nanos;
    context.addIssue({ code: 'custom', message: 'expected a number below 2^64' });
    return z.NEVER;
  });
