/** How much one span may hold. What is over a limit is cut or left out, and counted on the span. */
export interface SpanLimits {
  /** Attributes of a span. 128 by default. */
  readonly attributeCount: number;
  /** Characters of a string value; longer ones are cut. 16,384 by default. */
  readonly attributeValueLength: number;
  /** Events of a span. 128 by default. */
  readonly eventCount: number;
  /** Links of a span. 128 by default. */
  readonly linkCount: number;
  /** Attributes of an event. 128 by default. */
  readonly eventAttributeCount: number;
  /** Attributes of a link. 128 by default. */
  readonly linkAttributeCount: number;
}

/**
 * The counts are OpenTelemetry's defaults. It has none for the length of a value; there is one here so that an
 * application that puts whole documents into attributes does not fill its own memory with waiting spans.
 */
export const DEFAULT_SPAN_LIMITS: SpanLimits = {
  attributeCount: 128,
  attributeValueLength: 16_384,
  eventCount: 128,
  linkCount: 128,
  eventAttributeCount: 128,
  linkAttributeCount: 128,
};
