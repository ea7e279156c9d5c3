import type { Span, SpanBlock } from '@clew/model';

/** Appends `span` to `block`, and its resource and scope where the block has not got them. */
export function appendSpan(block: SpanBlock, span: Span): void {
  throw new Error(`not there yet ${block.spanCount} ${span.name}`);
}
