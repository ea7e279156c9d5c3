import type { Span, SpanBlock } from '@clew/model';

/** Reads a block back as spans; spans of one resource or scope share the object. */
export function readSpans(block: SpanBlock): Span[] {
  throw new Error(`not there yet ${block.spanCount}`);
}
