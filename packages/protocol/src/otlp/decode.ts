import type { SpanBlock } from '@clew/model';
import { DEFAULT_DECODE_LIMITS } from './limits.ts';
import type { DecodeLimits } from './limits.ts';
import type { RejectedSpans } from './rejections.ts';

/**
 * Decodes an `ExportTraceServiceRequest` into the columns of `block`. Throws `DecodeError` when the bytes are malformed
 * and `LimitError` when there are too many spans; the block is then to be discarded.
 */
export function decodeTracesProtobuf(
  bytes: Uint8Array,
  block: SpanBlock,
  limits: DecodeLimits = DEFAULT_DECODE_LIMITS,
): RejectedSpans {
  throw new Error(`not there yet ${bytes.length} ${block.spanCount} ${limits.maxDepth}`);
}
