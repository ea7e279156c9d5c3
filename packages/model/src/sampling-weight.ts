/**
 * How many spans a sampled span stands for, from the threshold `th` in OpenTelemetry's `ot` entry of the trace state:
 * up to 14 hexadecimal digits, right-padded with zeros to 56 bits; a span is kept when its random 56 bits are at least
 * the threshold, so it stands for 2^56 / (2^56 - th) spans. 1 when there is none or it cannot be read.
 *
 * https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/
 */
export function samplingWeight(traceState: string): number {
  if (!traceState.includes('th:')) return 1;
  for (const member of traceState.split(',')) {
    const trimmed = member.trim();
    if (!trimmed.startsWith('ot=')) continue;
    for (const field of trimmed.slice(3).split(';')) {
      if (field.startsWith('th:')) return weightOfThreshold(field.slice(3));
    }
  }
  return 1;
}

const THRESHOLD = /^[0-9a-f]{1,14}$/;
const TWO_TO_28 = 2 ** 28;

/** In halves of 28 bits: a double would round the rarest thresholds up to 2^56, which leaves nothing to divide by. */
function weightOfThreshold(digits: string): number {
  if (!THRESHOLD.test(digits)) return 1;
  const padded = digits.padEnd(14, '0');
  const high = Number.parseInt(padded.slice(0, 7), 16);
  const low = Number.parseInt(padded.slice(7), 16);
  return TWO_TO_28 ** 2 / ((TWO_TO_28 - high) * TWO_TO_28 - low);
}
