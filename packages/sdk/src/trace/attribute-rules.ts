import type { Complaints } from '../complaints.ts';
import type { SpanLimits } from './span-limits.ts';

/** What all lists of attributes of one sort share. */
export interface AttributeRules {
  readonly maxCount: number;
  /** Characters of a text, or bytes. */
  readonly maxLength: number;
  /** Places for keys and values, which a list begins as a copy of: the quickest way to an array. Growing costs more than what is left. */
  readonly room: readonly undefined[];
  readonly complaints: Complaints;
}

/** The rules for each sort of attributes that a span has. */
export interface SpanAttributeRules {
  readonly span: AttributeRules;
  readonly event: AttributeRules;
  readonly link: AttributeRules;
}

/** For a dozen attributes of a span, and for two of an event or a link. */
const SPAN_ROOM = Array.from({ length: 24 }, () => undefined);
const PART_ROOM = Array.from({ length: 4 }, () => undefined);

export function createAttributeRules(
  limits: SpanLimits,
  complaints: Complaints,
): SpanAttributeRules {
  const { attributeCount, eventAttributeCount, linkAttributeCount } = limits;
  const shared = { maxLength: limits.attributeValueLength, complaints };
  return {
    span: { ...shared, maxCount: attributeCount, room: SPAN_ROOM },
    event: { ...shared, maxCount: eventAttributeCount, room: PART_ROOM },
    link: { ...shared, maxCount: linkAttributeCount, room: PART_ROOM },
  };
}

/** For what is written once, whatever it is. */
export function createBoundlessRules(complaints: Complaints): AttributeRules {
  return { maxCount: Infinity, maxLength: Infinity, room: SPAN_ROOM, complaints };
}
