import { parseSpanId, parseTraceId } from '@clew/model';
import { quote } from '../otlp/rejections.ts';
import type { RejectionLog } from '../otlp/rejections.ts';
import type { ZipkinIds } from './zipkin-span.ts';

/** A span's ids as they were sent: hexadecimal digits, if all is well. */
export interface SentIds {
  readonly traceId: unknown;
  readonly id: unknown;
  readonly parentId: unknown;
}

const ZEROS = /^0*$/;

/**
 * Reads a span's ids. A trace id has 64 or 128 bits, and leading zeros may be left out: of 16 digits it is the same as
 * with 16 zeros in front. `undefined`, with a reason in `rejections`, when one of them is none; a parent of zeros is no
 * parent.
 */
export function readIds(sent: SentIds, rejections: RejectionLog): ZipkinIds | undefined {
  const traceId = typeof sent.traceId === 'string' ? parseTraceId(sent.traceId) : undefined;
  if (traceId === undefined) {
    rejections.add(() => explain('trace id', sent.traceId, 32));
    return undefined;
  }
  const spanId = typeof sent.id === 'string' ? parseSpanId(sent.id) : undefined;
  if (spanId === undefined) {
    rejections.add(() => explain('span id', sent.id, 16));
    return undefined;
  }
  const parentId = sent.parentId ?? '';
  if (typeof parentId === 'string' && parentId.length <= 16 && ZEROS.test(parentId)) {
    return { traceId, spanId, parentSpanId: undefined };
  }
  const parentSpanId = typeof parentId === 'string' ? parseSpanId(parentId) : undefined;
  if (parentSpanId === undefined) {
    rejections.add(() => explain('parent span id', parentId, 16));
    return undefined;
  }
  return { traceId, spanId, parentSpanId };
}

function explain(what: string, sent: unknown, maxDigits: number): string {
  if (sent === undefined || sent === null || sent === '') return `${what} is missing`;
  if (typeof sent !== 'string') return `${what} is not text`;
  if (sent.length <= maxDigits && ZEROS.test(sent)) return `${what} is zero`;
  return `${what} is not 1 to ${maxDigits} hexadecimal digits: ${quote(sent)}`;
}
