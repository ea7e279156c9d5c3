import * as fc from 'fast-check';
import {
  SPAN_KINDS,
  SPAN_STATUSES,
  durationNano,
  parseSpanId,
  parseTraceId,
  unixNano,
} from '@clew/model';
import type {
  Attribute,
  AttributeValue,
  Link,
  Resource,
  Scope,
  Span,
  SpanEvent,
  SpanId,
  TraceId,
} from '@clew/model';

const text = fc.oneof(
  fc.string({ maxLength: 100 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
const name = fc.string({ minLength: 1, maxLength: 20 });
const count = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

const scalar: fc.Arbitrary<AttributeValue> = fc.oneof(
  text.map((value): AttributeValue => ({ type: 'string', value })),
  fc.boolean().map((value): AttributeValue => ({ type: 'bool', value })),
  fc
    .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    .map((value): AttributeValue => ({ type: 'int', value })),
  fc.double().map((value): AttributeValue => ({ type: 'double', value })),
  fc.uint8Array({ maxLength: 200 }).map((value): AttributeValue => ({ type: 'bytes', value })),
  fc.constant<AttributeValue>({ type: 'empty' }),
);

const { value: attributeValue } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    { arbitrary: scalar, weight: 4 },
    {
      weight: 1,
      arbitrary: fc
        .array(tie('value'), { maxLength: 4 })
        .map((value): AttributeValue => ({ type: 'array', value })),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.record({ key: text, value: tie('value') }), { maxLength: 4 })
        .map((value): AttributeValue => ({ type: 'map', value })),
    },
  ),
}));

export const arbitraryAttributeValue: fc.Arbitrary<AttributeValue> = attributeValue;

/** Each key once: of one that comes twice only the last is kept. */
function attributeList(maxLength: number): fc.Arbitrary<Attribute[]> {
  const attribute = fc.record({ key: text, value: attributeValue });
  return fc.uniqueArray(attribute, { maxLength, selector: ({ key }) => key });
}

/** In the order in which a block keeps them: by type. */
const attributes: fc.Arbitrary<Attribute[]> = attributeList(8).map((list) =>
  list.toSorted((a, b) => typeRank(a) - typeRank(b)),
);

export const arbitraryTraceId: fc.Arbitrary<TraceId> = hexId(16).map(
  (digits) => parseTraceId(digits) ?? unreachableId(),
);
export const arbitrarySpanId: fc.Arbitrary<SpanId> = hexId(8).map(
  (digits) => parseSpanId(digits) ?? unreachableId(),
);

const traceState = fc.constantFrom('', '', 'congo=t61rcWkgMzE', 'ot=th:8', 'ot=rv:12345678901234');

const spanEvent: fc.Arbitrary<SpanEvent> = fc.record({
  timeUnixNano: uint64.map(unixNano),
  name: text,
  attributes: attributeList(3),
  droppedAttributesCount: count,
});

const link: fc.Arbitrary<Link> = fc.record({
  traceId: arbitraryTraceId,
  spanId: arbitrarySpanId,
  traceState,
  flags: count,
  attributes: attributeList(3),
  droppedAttributesCount: count,
});

/** `service` is what the attributes say, as it is in what senders send. */
const resource: fc.Arbitrary<Resource> = fc
  .record({
    service: name,
    attributes: attributes.map((list) => list.filter(({ key }) => key !== 'service.name')),
    droppedAttributesCount: count,
    schemaUrl: text,
  })
  .map(({ service, attributes, droppedAttributesCount, schemaUrl }) => ({
    service,
    attributes: [{ key: 'service.name', value: { type: 'string', value: service } }, ...attributes],
    droppedAttributesCount,
    schemaUrl,
  }));

const scope: fc.Arbitrary<Scope> = fc.record({
  name: text,
  version: text,
  attributes,
  droppedAttributesCount: count,
  schemaUrl: text,
});

/** A span that survives a journey over the wire unchanged: it has a name, and ends within the range of time. */
function arbitrarySpan(drawn: { resource: Resource; scope: Scope }): fc.Arbitrary<Span> {
  return fc.record({
    traceId: arbitraryTraceId,
    spanId: arbitrarySpanId,
    parentSpanId: fc.option(arbitrarySpanId, { nil: undefined }),
    traceState,
    flags: count,
    name,
    kind: fc.constantFrom(...SPAN_KINDS),
    startUnixNano: fc.bigInt({ min: 1n, max: 2n ** 63n }).map(unixNano),
    durationNano: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(durationNano),
    status: fc.constantFrom(...SPAN_STATUSES),
    statusMessage: text,
    attributes,
    droppedAttributesCount: count,
    events: fc.array(spanEvent, { maxLength: 3 }),
    droppedEventsCount: count,
    links: fc.array(link, { maxLength: 3 }),
    droppedLinksCount: count,
    resource: fc.constant(drawn.resource),
    scope: fc.constant(drawn.scope),
  });
}

/** Spans in the order in which a request groups them. */
export const arbitrarySpans: fc.Arbitrary<Span[]> = fc
  .array(
    fc
      .record({ resource, scope })
      .chain((drawn) => fc.array(arbitrarySpan(drawn), { minLength: 1, maxLength: 4 })),
    { maxLength: 3 },
  )
  .map((groups) => groups.flat());

function typeRank({ value }: Attribute): number {
  const rank = ['string', 'int', 'double', 'bool'].indexOf(value.type);
  return rank === -1 ? 4 : rank;
}

function hexId(length: number): fc.Arbitrary<string> {
  return fc
    .uint8Array({ minLength: length, maxLength: length })
    .filter((bytes) => bytes.some((byte) => byte !== 0))
    .map((bytes) => Buffer.from(bytes).toString('hex'));
}

function unreachableId(): never {
  throw new Error('an arbitrary id is not an id');
}
