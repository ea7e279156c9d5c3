import { LimitError } from '@clew/model';

/**
 * What a decoder takes. What is over a limit is dropped and counted, or cut and named; only too many spans refuse the
 * request. Whatever is not bounded here is bounded by the size of the request. `docs/reference/limits.md` has it all.
 */
export interface DecodeLimits {
  /** Spans of one request, refused ones included. One more is a `LimitError`. */
  readonly maxSpans: number;
  /** Attributes of one span, resource, scope, event or link. Those after are left out and counted as dropped. */
  readonly maxAttributes: number;
  /**
   * UTF-8 bytes of an attribute's string or of a status message, bytes of an attribute of bytes: what is longer is cut.
   * Also the encoded size of an array or a map, which is left out when it is larger and counted as dropped.
   */
  readonly maxValueBytes: number;
  /**
   * UTF-8 bytes of the name of a span, an event, a service or a scope, of a scope's version, a schema URL, a trace state:
   * what is longer is cut. Also of an attribute's key: the attribute is left out and counted as dropped.
   */
  readonly maxNameBytes: number;
  /** Events of one span. Those after are left out and counted as dropped. */
  readonly maxEvents: number;
  /** Links of one span. Those after are left out and counted as dropped. */
  readonly maxLinks: number;
}

/**
 * Far above what OpenTelemetry's SDKs send (128 attributes, events and links; names of tens of bytes), so that they meet
 * only what nobody can look at. 64 KiB keep every stack trace and nearly every SQL statement whole, and a span of 1,024
 * such values is still smaller than the largest request.
 */
export const DEFAULT_DECODE_LIMITS: DecodeLimits = {
  maxSpans: 250_000,
  maxAttributes: 1024,
  maxValueBytes: 64 * 1024,
  maxNameBytes: 4096,
  maxEvents: 4096,
  maxLinks: 4096,
};

/** For what was taken before under somebody's limits, or will be: nothing is dropped or cut. */
export const NO_DECODE_LIMITS: DecodeLimits = {
  maxSpans: Number.MAX_SAFE_INTEGER,
  maxAttributes: Number.MAX_SAFE_INTEGER,
  maxValueBytes: Number.MAX_SAFE_INTEGER,
  maxNameBytes: Number.MAX_SAFE_INTEGER,
  maxEvents: Number.MAX_SAFE_INTEGER,
  maxLinks: Number.MAX_SAFE_INTEGER,
};

/** Throws `LimitError` when `count` spans are more than a request may have. */
export function checkSpanCount(count: number, { maxSpans }: DecodeLimits): void {
  if (count <= maxSpans) return;
  throw new LimitError(`more than ${maxSpans} spans in a request`, {
    limit: maxSpans,
    actual: count,
  });
}
