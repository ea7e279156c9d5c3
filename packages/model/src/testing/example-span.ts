import type { Span } from '../span.ts';
import { parseSpanId, parseTraceId } from '../ids.ts';
import type { SpanId, TraceId } from '../ids.ts';
import { durationNano, unixNano } from '../time.ts';

/** A plausible span; a test names only what it is about. */
export function exampleSpan(changes: Partial<Span> = {}): Span {
  return {
    traceId: traceIdOf(1),
    spanId: spanIdOf(1),
    parentSpanId: undefined,
    traceState: '',
    flags: 1,
    name: 'get-user',
    kind: 'internal',
    startUnixNano: unixNano(1_700_000_000_000_000_000n),
    durationNano: durationNano(5_000_000n),
    status: 'unset',
    statusMessage: '',
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    resource: {
      service: 'user-service',
      attributes: [],
      droppedAttributesCount: 0,
      schemaUrl: '',
    },
    scope: { name: '', version: '', attributes: [], droppedAttributesCount: 0, schemaUrl: '' },
    ...changes,
  };
}

/** The span id that is the number `n`, which is not 0. */
export function spanIdOf(n: number): SpanId {
  return required(parseSpanId(n.toString(16)));
}

/** The trace id that is the number `n`, which is not 0. */
export function traceIdOf(n: number): TraceId {
  return required(parseTraceId(n.toString(16)));
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('0 is not an id');
  return value;
}
