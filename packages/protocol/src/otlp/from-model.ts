import type { Span, SpanBlock } from '@clew/model';
import { decodeTracesProtobuf } from './decode.ts';
import { createTracesWriter, writeTraces } from './encode.ts';
import { DEFAULT_DECODE_LIMITS } from './limits.ts';
import type { DecodeLimits } from './limits.ts';
import type { RejectedSpans } from './rejections.ts';

/**
 * Appends spans of the model to `block`: the way of every protocol but OTLP. They are written as OTLP and decoded again,
 * which sounds like a detour and is not: decoding bytes is the fastest way into the columns, and what is checked, cut and
 * counted there holds for all senders alike. Spans of one resource must share one object.
 *
 * Throws `LimitError` when there are too many spans; the block is then to be discarded.
 */
export function appendSpans(
  block: SpanBlock,
  spans: readonly Span[],
  limits: DecodeLimits = DEFAULT_DECODE_LIMITS,
): RejectedSpans {
  const writer = createTracesWriter(spans);
  // What is not Unicode stays wrong, so that the decoder puts it right and says so.
  writer.marksLoneSurrogates = true;
  writeTraces(writer, spans);
  return decodeTracesProtobuf(writer.bytes, block, limits);
}
