/**
 * OTLP's trace request (opentelemetry/proto/collector/trace/v1/trace_service.proto), from bytes straight into the
 * columns of a block. Bytes are read where they lie; the work is divided by message:
 *
 *   decode.ts             the request, and its groups by resource and scope
 *   group-header.ts       what describes a group, wherever in the group it stands
 *   decode-resource.ts    a resource  → a row of `block.resources`
 *   decode-scope.ts       a scope     → a row of `block.scopes`
 *   decode-span.ts        a span      → a value in each column of `block`
 *   decode-attributes.ts  attributes  → the typed columns of any of these
 *
 * Malformed bytes refuse the whole request, since nothing after them can be trusted. A span that is well-formed and
 * wrong is refused alone.
 */
import type { SpanBlock } from '@clew/model';
import { WireReader } from '../wire/reader.ts';
import { AttributeDecoder } from './decode-attributes.ts';
import { ResourceDecoder } from './decode-resource.ts';
import type { DecodeContext } from './decode-resource.ts';
import { ScopeDecoder } from './decode-scope.ts';
import { SpanDecoder } from './decode-span.ts';
import type { SpanGroup } from './decode-span.ts';
import { findGroupHeader } from './group-header.ts';
import { DEFAULT_DECODE_LIMITS } from './limits.ts';
import type { DecodeLimits } from './limits.ts';
import { RejectionLog } from './rejections.ts';
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
  const rejections = new RejectionLog();
  decodeTracesInto(bytes, block, { limits, rejections });
  return rejections.toRejectedSpans();
}

/** The same, adding to rejections that were counted before. */
export function decodeTracesInto(
  bytes: Uint8Array,
  block: SpanBlock,
  options: { readonly limits: DecodeLimits; readonly rejections: RejectionLog },
): void {
  const decoder = new TracesDecoder(bytes, block, options);
  try {
    decoder.decode();
  } catch (error) {
    // The half of a span, a resource or a scope that had been read.
    block.rollbackSpan();
    block.resources.attributes.rollbackRow();
    block.scopes.attributes.rollbackRow();
    throw error;
  }
}

/** Of spans with ten attributes or so: what they take in a request, and how much of that is their attributes' strings. */
const USUAL_SPAN_BYTES = 440;
const USUAL_TEXT_BYTES = 140;

class TracesDecoder {
  readonly #reader: WireReader;
  readonly #resource: ResourceDecoder;
  readonly #scope: ScopeDecoder;
  readonly #span: SpanDecoder;
  /** Whose spans are being read. */
  readonly #group: SpanGroup = {
    resourceIdLow: 0,
    resourceIdHigh: 0,
    serviceIndex: 0,
    scopeIdLow: 0,
    scopeIdHigh: 0,
  };
  // Where in the request the reader is, for errors; -1 outside.
  #resourceSpansIndex = -1;
  #scopeSpansIndex = -1;
  #spanIndex = -1;

  constructor(
    bytes: Uint8Array,
    block: SpanBlock,
    options: { readonly limits: DecodeLimits; readonly rejections: RejectionLog },
  ) {
    const { limits, rejections } = options;
    this.#reader = new WireReader(bytes, { format: 'otlp protobuf', path: () => this.#path() });
    const attributes = new AttributeDecoder(this.#reader, limits);
    const context: DecodeContext = { reader: this.#reader, attributes, block, limits };
    this.#resource = new ResourceDecoder(context);
    this.#scope = new ScopeDecoder(context);
    this.#span = new SpanDecoder(context, this.#group, rejections);
    const spans = Math.min(Math.ceil(bytes.length / USUAL_SPAN_BYTES), limits.maxSpans);
    block.reserve(spans, spans * USUAL_TEXT_BYTES);
  }

  /**
   * ExportTraceServiceRequest
   *   1  resource_spans  ResourceSpans  length-delimited, repeated
   */
  decode(): void {
    const reader = this.#reader;
    const end = reader.bytes.length;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag === 0x0a) this.#readResourceSpans(reader.readEnd(end));
      else reader.skipUnknown(tag, end, 1);
    }
  }

  /**
   * ResourceSpans
   *   1  resource     Resource    length-delimited
   *   2  scope_spans  ScopeSpans  length-delimited, repeated
   *   3  schema_url   string      length-delimited
   */
  #readResourceSpans(end: number): void {
    const reader = this.#reader;
    this.#resourceSpansIndex++;
    this.#scopeSpansIndex = -1;
    const start = reader.position;
    const header = findGroupHeader(reader, end);
    if (header.hasMembers) {
      this.#resource.decode(header);
      this.#group.resourceIdLow = this.#resource.idLow;
      this.#group.resourceIdHigh = this.#resource.idHigh;
      this.#group.serviceIndex = this.#resource.serviceIndex;
      reader.position = start;
      while (reader.position < end) {
        const tag = reader.readTag(end);
        if (tag === 0x12) this.#readScopeSpans(reader.readEnd(end));
        else reader.skip(tag, end);
      }
    }
    reader.position = end;
    this.#scopeSpansIndex = -1;
  }

  /**
   * ScopeSpans
   *   1  scope       InstrumentationScope  length-delimited
   *   2  spans       Span                  length-delimited, repeated
   *   3  schema_url  string                length-delimited
   */
  #readScopeSpans(end: number): void {
    const reader = this.#reader;
    this.#scopeSpansIndex++;
    this.#spanIndex = -1;
    const start = reader.position;
    const header = findGroupHeader(reader, end);
    if (header.hasMembers) {
      this.#scope.decode(header);
      this.#group.scopeIdLow = this.#scope.idLow;
      this.#group.scopeIdHigh = this.#scope.idHigh;
      reader.position = start;
      while (reader.position < end) {
        const tag = reader.readTag(end);
        if (tag === 0x12) this.#readSpan(reader.readEnd(end));
        else reader.skip(tag, end);
      }
    }
    reader.position = end;
    this.#spanIndex = -1;
  }

  #readSpan(end: number): void {
    this.#spanIndex++;
    this.#span.decode(end);
  }

  #path(): string {
    if (this.#resourceSpansIndex < 0) return '';
    const resourceSpans = `resourceSpans[${this.#resourceSpansIndex}]`;
    if (this.#scopeSpansIndex < 0) return resourceSpans;
    const scopeSpans = `${resourceSpans}.scopeSpans[${this.#scopeSpansIndex}]`;
    return this.#spanIndex < 0 ? scopeSpans : `${scopeSpans}.spans[${this.#spanIndex}]`;
  }
}
