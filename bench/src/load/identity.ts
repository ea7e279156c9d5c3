/**
 * Ids that look random, never repeat within a run, and can be told again from what was sent: a span's id is a
 * reversible scramble of the run's seed and the span's number. So the sender remembers one bit a request, and a check
 * of the store needs no list of ids: every row tells which number it must be.
 *
 * The number of a span is `request × spans per request + index in the request`, below 2^32. Traces are shared by two
 * requests that follow each other, an even one and the next, and have numbers in the same range. Two words of a span id and three of a trace id only repeat what the first one says, scrambled
 * again, but no compressor can see that.
 */

/** Spreads 32 bits over 32 bits, reversibly (the finalizer of MurmurHash3). */
export function scramble(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** The value that `scramble` made `bits` of. */
function unscramble(scrambled: number): number {
  let bits = Math.imul(scrambled ^ (scrambled >>> 16), 0x7ed1b41d);
  bits = Math.imul(bits ^ (bits >>> 13) ^ (bits >>> 26), 0xa5cb9243);
  return (bits ^ (bits >>> 16)) >>> 0;
}

const SPAN_CHECK = 0x2545f491;
const TRACE_SEED = 0x632be5ab;
const TRACE_CHECKS = [0x1b873593, 0x4cf5ad43, 0x52dce729] as const;

/** The word of a span id that names its number; never 0 together with `spanCheckWord`. */
export function spanWord(seed: number, spanNumber: number): number {
  return scramble(spanNumber ^ seed);
}

export function spanCheckWord(word: number): number {
  return scramble(word ^ SPAN_CHECK);
}

export function traceWord(seed: number, traceNumber: number): number {
  return scramble(traceNumber ^ seed ^ TRACE_SEED);
}

export function traceCheckWord(word: number, which: 0 | 1 | 2): number {
  return scramble(word ^ TRACE_CHECKS[which]);
}

/** The number of the span whose ids stand at `at` in `view`, trace id first; -1 when this run never made such ids. */
export function spanNumberOf(view: DataView, at: number, run: RunOfRequests): number {
  const word = view.getUint32(at + 20, true);
  if (view.getUint32(at + 16, true) !== spanCheckWord(word)) return -1;
  const spanNumber = (unscramble(word) ^ run.seed) >>> 0;
  const trace = view.getUint32(at, true);
  for (const which of [0, 1, 2] as const) {
    if (view.getUint32(at + 4 + 4 * which, true) !== traceCheckWord(trace, which)) return -1;
  }
  const traceNumber = (unscramble(trace) ^ run.seed ^ TRACE_SEED) >>> 0;
  const spansPerPair = 2 * run.spansPerRequest;
  const isOfSamePair =
    Math.floor(traceNumber / spansPerPair) === Math.floor(spanNumber / spansPerPair);
  return isOfSamePair ? spanNumber : -1;
}

/** What the ids of a run follow from. */
export interface RunOfRequests {
  readonly seed: number;
  readonly spansPerRequest: number;
}
