import { LimitError } from '@clew/model';

/** What a decoder takes from one request. Whatever is not bounded here is bounded by the size of the request. */
export interface DecodeLimits {
  /** Spans of one request, refused ones included. One more is a `LimitError`. */
  readonly maxSpans: number;
  /** Attributes of one span, resource or scope. Those after are left out and counted as dropped. */
  readonly maxAttributes: number;
  /** UTF-8 bytes of a span name (a longer one refuses the span) or of an attribute key (left out, counted as dropped). */
  readonly maxNameBytes: number;
}

export const DEFAULT_DECODE_LIMITS: DecodeLimits = {
  maxSpans: 250_000,
  maxAttributes: 1024,
  maxNameBytes: 4096,
};

/** Throws `LimitError` when `count` spans are more than a request may have. */
export function checkSpanCount(count: number, { maxSpans }: DecodeLimits): void {
  if (count <= maxSpans) return;
  throw new LimitError(`more than ${maxSpans} spans in a request`, {
    limit: maxSpans,
    actual: count,
  });
}
