import { InvalidQueryError } from '@clew/model';
import type { MetricsRange } from '@clew/traceql';

export interface AskedRange {
  /** Nanoseconds since 1970; the last hour when both are undefined. */
  readonly startUnixNano: bigint | undefined;
  readonly endUnixNano: bigint | undefined;
  /** Undefined for one that fits the range. */
  readonly stepNano: bigint | undefined;
}

const SECOND = 1_000_000_000n;
const HOUR = 3600n * SECOND;
/** Lengths of intervals that people read easily, seconds. */
const STEPS = [1n, 5n, 15n, 60n, 300n, 900n, 3600n, 14_400n, 86_400n];
/** As many intervals as a picture has room for. */
const USUAL_BINS = 240n;
const MAX_BINS = 11_000n;

/**
 * The intervals of a question. They begin at whole multiples of their length, so that the same question a little later
 * has the same ones; what the first and the last have beyond the time that was asked about is not counted. Throws `InvalidQueryError` for more than `MAX_BINS` of them.
 */
export function toMetricsRange(asked: AskedRange, nowUnixNano: bigint): MetricsRange {
  const { start, end } = boundsOf(asked, nowUnixNano);
  const stepNano = asked.stepNano ?? usualStep(end - start);
  if (stepNano <= 0n) throw refuse('step', 'expected a step above 0');
  const startUnixNano = start - (start % stepNano);
  const binCount = (end - startUnixNano + stepNano - 1n) / stepNano;
  if (binCount > MAX_BINS) {
    throw refuse('step', `expected at most ${MAX_BINS} intervals, and these are ${binCount}`);
  }
  const bounds = { startUnixNano: start, endUnixNano: end };
  return { startUnixNano, stepNano, binCount: Number(binCount), bounds };
}

/** The whole of the time as one interval. */
export function toInstantRange(
  asked: Omit<AskedRange, 'stepNano'>,
  nowUnixNano: bigint,
): MetricsRange {
  const { start, end } = boundsOf({ ...asked, stepNano: undefined }, nowUnixNano);
  return { startUnixNano: start, stepNano: end - start, binCount: 1 };
}

function boundsOf(
  { startUnixNano, endUnixNano }: AskedRange,
  nowUnixNano: bigint,
): { readonly start: bigint; readonly end: bigint } {
  const end = endUnixNano ?? nowUnixNano;
  const start = startUnixNano ?? (end > HOUR ? end - HOUR : 0n);
  if (start < end) return { start, end };
  throw refuse('start', 'expected start to be before end');
}

/** The shortest that gives no more intervals than usual. */
function usualStep(length: bigint): bigint {
  const wanted = length / USUAL_BINS;
  for (const seconds of STEPS) if (seconds * SECOND >= wanted) return seconds * SECOND;
  return wanted;
}

function refuse(parameter: string, message: string): InvalidQueryError {
  return new InvalidQueryError(`${parameter}: ${message}`, { parameter });
}
