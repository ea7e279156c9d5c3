import type { SpanBlock } from '@clew/model';
import { DEFAULT_DECODE_LIMITS } from './limits.ts';
import type { DecodeLimits } from './limits.ts';
import type { RejectedSpans } from './rejections.ts';

/** Decodes an OTLP/JSON `ExportTraceServiceRequest`; otherwise like `decodeTracesProtobuf`. */
export function decodeTracesJson(
  bytes: Uint8Array,
  block: SpanBlock,
  limits: DecodeLimits = DEFAULT_DECODE_LIMITS,
): RejectedSpans {
  throw new Error(`not there yet ${bytes.length} ${block.spanCount} ${limits.maxDepth}`);
}
