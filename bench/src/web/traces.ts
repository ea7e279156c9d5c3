/** The traces that the screen must open: made up, the same each time. */
import { durationNano, parseSpanId, parseTraceId, unixNano } from '@clew/model';
import type { Attribute, Resource, Span, SpanKind, TraceId } from '@clew/model';
import { Random } from '../load/random.ts';

export interface WebTrace {
  readonly name: string;
  readonly traceId: TraceId;
  readonly spanCount: number;
  /** Some thousands at a time, in the order of their making. */
  readonly spans: (startUnixNano: bigint) => Generator<readonly Span[]>;
}

const SPANS_PER_REQUEST = 5000;
const SERVICES = 24;
const NAMES = ['GET /orders/:id', 'get-user', 'SELECT shop.orders', 'reserve', 'charge', 'render'];
const KINDS: readonly SpanKind[] = ['internal', 'server', 'client', 'internal'];

export const WEB_TRACES: readonly WebTrace[] = [
  shopTrace('1,000 spans', 1, 1000),
  shopTrace('100,000 spans', 2, 100_000),
  shopTrace('1,000,000 spans', 3, 1_000_000),
  trace('a chain 50,000 deep', 4, 50_000, (index, count) => ({
    parent: index - 1,
    startNs: index * 1000,
    durationNs: 2 * (count - index) * 1000,
  })),
  trace('a parent of 100,000 children', 5, 100_001, (index, count) =>
    index === 0
      ? { parent: -1, startNs: 0, durationNs: count * 10_000 }
      : { parent: 0, startNs: index * 10_000, durationNs: index % 7 === 0 ? 9000 : 4000 },
  ),
  trace('10,000 services', 6, 20_000, (index, count) =>
    index === 0
      ? { parent: -1, startNs: 0, durationNs: count * 20_000, service: 0 }
      : {
          parent: Math.floor((index - 1) / 10),
          startNs: index * 10_000,
          durationNs: 9000,
          service: index % 10_000,
        },
  ),
];

interface Place {
  readonly parent: number;
  readonly startNs: number;
  readonly durationNs: number;
  readonly service?: number;
}

function trace(
  name: string,
  number: number,
  spanCount: number,
  place: (index: number, count: number) => Place,
): WebTrace {
  const traceId = idOf(number);
  return {
    name,
    traceId,
    spanCount,
    *spans(startUnixNano) {
      const resources = new Map<number, Resource>();
      for (let from = 0; from < spanCount; from += SPANS_PER_REQUEST) {
        const length = Math.min(SPANS_PER_REQUEST, spanCount - from);
        yield Array.from({ length }, (_, at) => {
          const index = from + at;
          const { service = index % SERVICES, ...times } = place(index, spanCount);
          const resource = resources.get(service) ?? createResource(service);
          resources.set(service, resource);
          return createSpan({ traceId, index, resource, startUnixNano, ...times });
        });
      }
    },
  };
}

/** A request that fans out: each span lies within its parent, some side by side, most one after another. */
function shopTrace(name: string, number: number, spanCount: number): WebTrace {
  const random = new Random(number);
  const starts = new Float64Array(spanCount);
  const lengths = new Float64Array(spanCount);
  lengths[0] = 60e9;
  return trace(name, number, spanCount, (index) => {
    if (index === 0) return { parent: -1, startNs: 0, durationNs: 60e9, service: 0 };
    const parent = Math.floor((index - 1) / (2 + (index % 5)));
    const room = lengths[parent] ?? 0;
    starts[index] = (starts[parent] ?? 0) + Math.floor(room * 0.8 * random.next());
    lengths[index] = Math.max(100, Math.floor(room * (0.05 + 0.3 * random.next())));
    return {
      parent,
      startNs: starts[index] ?? 0,
      durationNs: lengths[index] ?? 0,
      service: (parent * 7 + index) % SERVICES,
    };
  });
}

interface MadeSpan {
  readonly traceId: TraceId;
  readonly index: number;
  readonly parent: number;
  readonly startNs: number;
  readonly durationNs: number;
  readonly resource: Resource;
  readonly startUnixNano: bigint;
}

function createSpan(made: MadeSpan): Span {
  const { traceId, index, parent, startNs, durationNs, resource, startUnixNano } = made;
  const isFailed = index % 211 === 7;
  const timeUnixNano = unixNano(startUnixNano + BigInt(startNs));
  return {
    traceId,
    spanId: spanIdOf(index),
    parentSpanId: parent < 0 ? undefined : spanIdOf(parent),
    traceState: '',
    flags: 1,
    name: NAMES[index % NAMES.length] ?? 'work',
    kind: KINDS[index % KINDS.length] ?? 'internal',
    startUnixNano: timeUnixNano,
    durationNano: durationNano(BigInt(durationNs)),
    status: isFailed ? 'error' : 'unset',
    statusMessage: isFailed ? 'deadline exceeded' : '',
    attributes: [
      text('http.request.method', index % 3 === 0 ? 'GET' : 'POST'),
      text('user.id', `user-${index % 1000}`),
      text('thread.name', `worker-${index % 16}`),
    ],
    droppedAttributesCount: 0,
    events: isFailed
      ? [{ timeUnixNano, name: 'exception', attributes: [], droppedAttributesCount: 0 }]
      : [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    resource,
    scope: SCOPE,
  };
}

const SCOPE = {
  name: 'bench',
  version: '1.0',
  attributes: [],
  droppedAttributesCount: 0,
  schemaUrl: '',
};

function createResource(number: number): Resource {
  const service = `service-${number}`;
  return {
    service,
    attributes: [text('service.name', service)],
    droppedAttributesCount: 0,
    schemaUrl: '',
  };
}

function text(key: string, value: string): Attribute {
  return { key, value: { type: 'string', value } };
}

function idOf(number: number): TraceId {
  const id = parseTraceId((0xc1e0_0000_0000_0000n + BigInt(number)).toString(16));
  if (id === undefined) throw new Error('no trace has the id 0');
  return id;
}

function spanIdOf(index: number): Span['spanId'] {
  const id = parseSpanId((index + 1).toString(16));
  if (id === undefined) throw new Error('no span has the id 0');
  return id;
}
