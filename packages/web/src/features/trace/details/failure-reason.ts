import type { AttributeJson, SpanJson } from '@clew/api';
import { plainText } from '../../../attributes/attribute-value.ts';

/** What an event says of an error: OpenTelemetry's exceptions, and what OpenTracing's logs of errors become (its semantic conventions). */
const REASONS = ['exception.message', 'message', 'error.object', 'exception.type', 'error.kind'];
const ERROR_EVENTS: ReadonlySet<string> = new Set(['exception', 'error']);

/**
 * Why a span failed, as far as it says: the message of its status, else what its last exception or error event says; empty where it
 * says nothing.
 */
export function failureReason({ statusMessage, events }: SpanJson): string {
  if (statusMessage !== '') return statusMessage;
  const event = events.findLast(({ name }) => ERROR_EVENTS.has(name));
  const found = REASONS.map((key) => textOf(event?.attributes, key)).find(Boolean);
  return found ?? '';
}

function textOf(attributes: readonly AttributeJson[] = [], key: string): string {
  const value = attributes.findLast((attribute) => attribute.key === key)?.value;
  return value === undefined ? '' : plainText(value);
}
