/**
 * OpenTelemetry's rejection threshold: of 2^56 equally likely random numbers, how many are refused. A trace is kept when its own
 * random number, which everybody who samples it takes from the same place, is at least that; so whoever keeps more keeps all
 * that others keep. Both numbers are held in halves of 24 and 32 bits, because a double would round them.
 *
 * https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/
 */
export class Threshold {
  /** As `th` has it: hexadecimal, without the zeros at its end. */
  readonly digits: string;
  readonly #high: number;
  readonly #low: number;

  private constructor(padded: string) {
    this.digits = padded.replace(/0+$/, '') || '0';
    this.#high = highHalf(padded);
    this.#low = lowHalf(padded);
  }

  /**
   * Four significant digits are kept, as OpenTelemetry recommends: a service that keeps one in ten says `e666`, which is
   * 0.1000061. `undefined` below 2^-56, where nothing can be kept.
   */
  static ofProbability(probability: number): Threshold | undefined {
    if (!(probability >= MIN_PROBABILITY)) return undefined;
    if (probability >= 1) return new Threshold('0'.repeat(ALL_DIGITS));
    const precision = Math.min(ALL_DIGITS, DEFAULT_PRECISION + leadingFs(probability));
    const unit = 1n << BigInt(4 * (ALL_DIGITS - precision));
    // A power of two scales a double exactly.
    const exact = TWO_TO_56 - BigInt(Math.round(probability * 2 ** 56));
    const rounded = ((exact + unit / 2n) / unit) * unit;
    // Rounding up may reach 2^56, which would refuse everything.
    const threshold = rounded < TWO_TO_56 ? rounded : TWO_TO_56 - unit;
    return new Threshold(threshold.toString(16).padStart(ALL_DIGITS, '0'));
  }

  /** One to fourteen lower-case hexadecimal digits; `undefined` for anything else. */
  static parse(digits: string): Threshold | undefined {
    return /^[0-9a-f]{1,14}$/.test(digits)
      ? new Threshold(digits.padEnd(ALL_DIGITS, '0'))
      : undefined;
  }

  /** Whether a trace of this random number is kept: its upper 24 bits, and its lower 32 as an unsigned number. */
  admits(high: number, low: number): boolean {
    return high > this.#high || (high === this.#high && low >= this.#low);
  }

  /** The same of 14 hexadecimal digits, as `rv` has them. */
  admitsDigits(digits: string): boolean {
    return this.admits(highHalf(digits), lowHalf(digits));
  }
}

const MIN_PROBABILITY = 2 ** -56;
const TWO_TO_56 = 1n << 56n;
const ALL_DIGITS = 14;
const DEFAULT_PRECISION = 4;
const HIGH_DIGITS = 6;

/** How many digits in front are `f` and so say nothing of a small probability. */
function leadingFs(probability: number): number {
  return Math.floor(-(Math.floor(Math.log2(probability)) + 1) / 4);
}

function highHalf(digits: string): number {
  return Number.parseInt(digits.slice(0, HIGH_DIGITS), 16);
}

function lowHalf(digits: string): number {
  return Number.parseInt(digits.slice(HIGH_DIGITS), 16);
}
