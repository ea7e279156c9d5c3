/** A small trace by hand, whose answers can be worked out by looking at it. */
import { assembleTrace } from '@clew/model';
import type {
  Attribute,
  AttributeValue,
  DurationNano,
  Resource,
  Span,
  SpanId,
  Trace,
  TraceId,
  UnixNano,
} from '@clew/model';

export const TRACE_ID = '0af7651916cd43dd8448eb211c80319c' as TraceId;
const START = 1_700_000_000_000_000_000n;

/** What a span has beside its defaults; times in milliseconds since the trace began. */
export type SpanDraft = Partial<
  Omit<Span, 'attributes' | 'resource' | 'durationNano' | 'spanId' | 'parentSpanId'>
> & {
  readonly id: number;
  readonly parent?: number;
  readonly service?: string;
  readonly startMs?: number;
  readonly durationMs?: number;
  readonly attributes?: Readonly<Record<string, PlainValue>>;
};
export type PlainValue = string | number | bigint | boolean | readonly PlainValue[];

const resources = new Map<string, Resource>();

export function spanOf({
  id,
  parent,
  service = 'shop',
  startMs = id,
  durationMs = 1,
  attributes = {},
  ...rest
}: SpanDraft): Span {
  return {
    traceId: TRACE_ID,
    spanId: idOf(id),
    parentSpanId: parent === undefined ? undefined : idOf(parent),
    traceState: '',
    flags: 0,
    name: `span ${id}`,
    kind: 'internal',
    startUnixNano: (START + BigInt(startMs * 1e6)) as UnixNano,
    durationNano: BigInt(durationMs * 1e6) as DurationNano,
    status: 'unset',
    statusMessage: '',
    attributes: attributesOf(attributes),
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    resource: resourceOf(service),
    scope: {
      name: 'http',
      version: '1.2',
      attributes: [],
      droppedAttributesCount: 0,
      schemaUrl: '',
    },
    ...rest,
  };
}

export function traceOf(drafts: readonly SpanDraft[]): Trace {
  return assembleTrace(TRACE_ID, drafts.map(spanOf));
}

function idOf(number: number): SpanId {
  return number.toString(16).padStart(16, '0') as SpanId;
}

function resourceOf(service: string): Resource {
  const known = resources.get(service);
  if (known !== undefined) return known;
  const attributes = attributesOf({ 'host.name': `${service}-1`, shared: 'resource' });
  const resource = { service, attributes, droppedAttributesCount: 0, schemaUrl: '' };
  resources.set(service, resource);
  return resource;
}

export function attributesOf(values: Readonly<Record<string, PlainValue>>): readonly Attribute[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: valueOf(value) }));
}

/** Whole numbers as integers, `bigint`s too; other numbers as `double`s. */
function valueOf(value: PlainValue): AttributeValue {
  if (typeof value === 'string') return { type: 'string', value };
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (typeof value === 'bigint') return { type: 'int', value };
  if (typeof value !== 'number') return { type: 'array', value: value.map(valueOf) };
  return Number.isInteger(value)
    ? { type: 'int', value: BigInt(value) }
    : { type: 'double', value };
}

/**
 *     1 shop   GET /cart          server  100 ms
 *     ├─ 2 shop   render              60 ms
 *     │  ├─ 3 shop   query cart  client  10 ms  db.rows 3
 *     │  └─ 4 stock  GET /stock  server  40 ms  error, db.rows 7.5
 *     └─ 5 mail   send            producer 5 ms  tags [a, b]
 *     6 mail   lost               (its parent is not there)
 */
export const SHOP_TRACE: Trace = traceOf([
  {
    id: 1,
    name: 'GET /cart',
    kind: 'server',
    startMs: 0,
    durationMs: 100,
    attributes: { 'http.response.status_code': 200, shared: 'span', ok: true },
    events: [
      {
        timeUnixNano: (START + 30_000_000n) as UnixNano,
        name: 'cache miss',
        attributes: attributesOf({ key: 'cart' }),
        droppedAttributesCount: 0,
      },
      {
        timeUnixNano: (START + 50_000_000n) as UnixNano,
        name: 'retry',
        attributes: attributesOf({ try: 2 }),
        droppedAttributesCount: 0,
      },
    ],
  },
  { id: 2, parent: 1, name: 'render', startMs: 10, durationMs: 60 },
  {
    id: 3,
    parent: 2,
    name: 'query cart',
    kind: 'client',
    startMs: 12,
    durationMs: 10,
    attributes: { 'db.rows': 3, code: '500' },
  },
  {
    id: 4,
    parent: 2,
    name: 'GET /stock',
    kind: 'server',
    service: 'stock',
    startMs: 25,
    durationMs: 40,
    status: 'error',
    statusMessage: 'out of stock',
    attributes: { 'db.rows': 7.5, code: 500 },
  },
  {
    id: 5,
    parent: 1,
    name: 'send',
    kind: 'producer',
    service: 'mail',
    startMs: 80,
    durationMs: 5,
    attributes: { tags: ['a', 'b'] },
  },
  { id: 6, parent: 99, name: 'lost', service: 'mail', startMs: 90, durationMs: 30 },
]);
