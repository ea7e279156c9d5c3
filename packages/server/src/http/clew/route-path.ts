import { InvalidQueryError, parseSpanId, parseTraceId } from '@clew/model';
import type { SpanId, TraceId } from '@clew/model';

/** The path as the router writes it. */
export function toPattern(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

/** The contract lets any digits through; an id of zeros alone is none. */
export function readTraceId(text: string, parameter = 'traceId'): TraceId {
  return refuseZero(parseTraceId(text), parameter);
}

export function readSpanId(text: string, parameter = 'spanId'): SpanId {
  return refuseZero(parseSpanId(text), parameter);
}

function refuseZero<Id>(id: Id | undefined, parameter: string): Id {
  if (id !== undefined) return id;
  throw new InvalidQueryError(`${parameter}: expected an id that is not zero`, { parameter });
}
