import { SpanKind } from '@opentelemetry/api';

/** The kind that a program gives, whatever it gives; what is none would be written as a byte that says something else. */
export function readKind(kind: unknown): SpanKind {
  return isKind(kind) ? kind : SpanKind.INTERNAL;
}

function isKind(kind: unknown): kind is SpanKind {
  return typeof kind === 'number' && SpanKind[kind] !== undefined;
}
