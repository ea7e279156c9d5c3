import { SpanBlock } from '@clew/model';
import type { Span } from '@clew/model';
import { decodeTracesJson, readSpans } from '@clew/protocol';

/** The spans of OTLP requests in JSON, as a receiver reads them; it must refuse none. */
export function decodeJson(bodies: readonly Uint8Array[]): readonly Span[] {
  const block = new SpanBlock('test');
  for (const body of bodies) {
    const rejected = decodeTracesJson(body, block);
    if (rejected.count > 0) throw new Error(`rejected: ${rejected.reasons.join(', ')}`);
  }
  return [...readSpans(block)];
}
