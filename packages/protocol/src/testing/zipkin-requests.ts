import { SpanBlock, findAttribute } from '@clew/model';
import type { Attribute, Span } from '@clew/model';
import type { DecodeLimits } from '../otlp/limits.ts';
import type { RejectedSpans } from '../otlp/rejections.ts';
import { readSpans } from '../otlp/to-model.ts';
import type { Decoded } from './requests.ts';

export type Decoder = (bytes: Uint8Array, block: SpanBlock, limits?: DecodeLimits) => RejectedSpans;

export function decodeWith(decoder: Decoder, bytes: Uint8Array, limits?: DecodeLimits): Decoded {
  const block = new SpanBlock('default');
  const rejected = decoder(bytes, block, limits);
  return { spans: readSpans(block), rejected, block };
}

/** The bytes of a value in JSON. */
export function toJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** Attributes as plain values, by key. */
export function plain(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, 'value' in value ? value.value : undefined]),
  );
}

/** What `clew.sanitized` says; empty when nothing was changed. */
export function sanitizedOf(span: Span | undefined): string {
  const note = findAttribute(span?.attributes ?? [], 'clew.sanitized');
  return note?.type === 'string' ? note.value : '';
}
