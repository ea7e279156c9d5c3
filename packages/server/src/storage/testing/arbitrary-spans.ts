/** Random spans of few keys and values, and random conditions in the same words, which are met now and then. */
import { durationNano } from '@clew/model';
import type { Attribute, AttributeValue, Resource, Scope, Span } from '@clew/model';
import fc from 'fast-check';
import { MS, SCOPE, at, resource, span, spanId, traceId } from './spans.ts';

const KEYS = ['a', 'http.route', 'service.name'];
const TEXTS = ['', 'x', 'xy', 'é', '1', 'shop', '\n', 'x.\\'];
const INTS = [0n, 1n, -1n, 500n, (1n << 53n) + 1n, -(1n << 63n)];
const DOUBLES = [0, 1, -1, 0.5, 500, 2 ** 53, 1e39, -1e39, Number.POSITIVE_INFINITY, Number.NaN];

const scalar: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.constantFrom(...TEXTS).map((value) => ({ type: 'string' as const, value })),
  fc.constantFrom(...INTS).map((value) => ({ type: 'int' as const, value })),
  fc.constantFrom(...DOUBLES).map((value) => ({ type: 'double' as const, value })),
  fc.boolean().map((value) => ({ type: 'bool' as const, value })),
);

const attributeValue: fc.Arbitrary<AttributeValue> = fc.oneof(
  { weight: 6, arbitrary: scalar },
  {
    weight: 1,
    arbitrary: fc
      .array(scalar, { maxLength: 2 })
      .map((value) => ({ type: 'array' as const, value })),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'empty' as const }) },
  { weight: 1, arbitrary: fc.constant({ type: 'bytes' as const, value: Uint8Array.of(1) }) },
);

const attributes: fc.Arbitrary<readonly Attribute[]> = fc.uniqueArray(
  fc.record({ key: fc.constantFrom('a', 'http.route'), value: attributeValue }),
  { selector: ({ key }) => key, maxLength: 2 },
);

const someResource: fc.Arbitrary<Resource> = fc
  .tuple(fc.constantFrom('shop', 'x'), attributes)
  .map(([service, more]) => resource(service, more));

const someScope: fc.Arbitrary<Scope> = fc
  .tuple(fc.constantFrom(...TEXTS), attributes)
  .map(([version, more]): Scope => Object.assign({}, SCOPE, { version, attributes: more }));

/** Spans of one trace, each the child of one before it or of none. */
export function arbitrarySpans(
  traceNumber: number,
  spanCount: number,
): fc.Arbitrary<readonly Span[]> {
  const draft = fc.record({
    attributes,
    eventAttributes: fc.option(attributes, { nil: undefined, freq: 3 }),
    linkAttributes: fc.option(attributes, { nil: undefined, freq: 1 }),
    // Spans without a name are given one when they are stored.
    name: fc.constantFrom(...TEXTS.slice(1)),
    kind: fc.constantFrom('internal', 'server', 'client'),
    status: fc.constantFrom('unset', 'ok', 'error'),
    statusMessage: fc.constantFrom(...TEXTS),
    durationMs: fc.constantFrom(0, 1, 500),
    parent: fc.nat(spanCount),
    resource: fc.nat(2),
    scope: fc.nat(1),
  });
  return fc
    .tuple(
      fc.array(someResource, { minLength: 3, maxLength: 3 }),
      fc.array(someScope, { minLength: 2, maxLength: 2 }),
      fc.array(draft, { minLength: spanCount, maxLength: spanCount }),
    )
    .map(([resources, scopes, drafts]) =>
      drafts.map(
        (
          { eventAttributes, linkAttributes, durationMs, parent, resource: r, scope: s, ...fields },
          index,
        ) => {
          const startMs = traceNumber * 1000 + index;
          const id = (number: number) => spanId(traceNumber * 1000 + number + 1);
          return span({
            ...fields,
            traceId: traceId(traceNumber),
            spanId: id(index),
            parentSpanId: parent < index ? id(parent) : undefined,
            startUnixNano: at(startMs),
            durationNano: durationNano(BigInt(durationMs) * MS),
            events: eventAttributes === undefined ? [] : [eventOf(eventAttributes, startMs + 1)],
            links: linkAttributes === undefined ? [] : [linkOf(linkAttributes)],
            resource: resources[r] ?? resource('shop'),
            scope: scopes[s] ?? SCOPE,
          });
        },
      ),
    );
}

function eventOf(eventAttributes: readonly Attribute[], ms: number): Span['events'][number] {
  return {
    timeUnixNano: at(ms),
    name: 'x',
    attributes: eventAttributes,
    droppedAttributesCount: 0,
  };
}

const LINKED = { traceId: traceId(7), spanId: spanId(7) };

function linkOf(linkAttributes: readonly Attribute[]): Span['links'][number] {
  return {
    ...LINKED,
    traceState: '',
    flags: 0,
    attributes: linkAttributes,
    droppedAttributesCount: 0,
  };
}

/** Texts of conditions, from the words of the spans above. */
const field: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...KEYS.map((key) => `.${key}`)) },
  { weight: 2, arbitrary: fc.constantFrom(...KEYS.map((key) => `span.${key}`)) },
  { weight: 2, arbitrary: fc.constantFrom(...KEYS.map((key) => `resource.${key}`)) },
  fc.constantFrom(
    'instrumentation.a',
    'event.a',
    'parent.a',
    'parent.resource.http.route',
    'link.a',
  ),
  fc.constantFrom(
    'name',
    'duration',
    'status',
    'statusMessage',
    'kind',
    'span:id',
    'span:parentID',
  ),
  fc.constantFrom(
    'childCount',
    'nestedSetParent',
    'traceDuration',
    'rootName',
    'trace:id',
    'parent',
  ),
  fc.constantFrom(
    'instrumentation:name',
    'instrumentation:version',
    'event:name',
    'event:timeSinceStart',
    'link:traceID',
    'link:spanID',
  ),
);
const literal: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('""', '"x"', '"xy"', '"é"', '"1"', '"shop"', '"test"', '"\\n"'),
  fc.constantFrom(`"${LINKED.traceId}"`, `"${LINKED.spanId}"`),
  fc.constantFrom(
    '0',
    '1',
    '-1',
    '500',
    '9007199254740993',
    'minInt',
    '0.5',
    '1.0',
    '500.0',
    '9007199254740992.0',
  ),
  fc.constantFrom('true', 'false', 'nil', 'ok', 'error', 'server', 'client', '1ms', '500ms'),
);
const pattern = fc.constantFrom(
  '"x.*"',
  '"."',
  '".*"',
  '"[0-9]"',
  '"X|é"',
  '"(?i)X"',
  '"^x$"',
  '"(?s)."',
  '`\\Qx.\\`',
  '`\\Qx.\\E.`',
  '`(?i)\\QX\\Ey?`',
  '`\\pL{1,3}`',
  '`[^\\pN\\n]+`',
  '`(?:.|\\n){2,40}`',
  '`.*\\b.*`',
);

/** The text between the braces of a filter. */
export const arbitraryCondition: fc.Arbitrary<string> = fc.letrec<{
  condition: string;
  value: string;
}>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    field,
    literal,
    fc
      .tuple(tie('value'), fc.constantFrom('+', '-', '*', '/', '%', '^'), tie('value'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('value').map((value) => `(-(${value}))`),
    tie('condition').map((inner) => `(${inner})`),
  ),
  condition: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(
      `link:traceID = "${LINKED.traceId}"`,
      `link:spanID != "${LINKED.spanId}"`,
      `link:traceID = "${LINKED.spanId}"`,
    ),
    fc
      .tuple(field, fc.constantFrom('=', '!=', '<', '<=', '>', '>='), literal)
      .map((parts) => parts.join(' ')),
    fc
      .tuple(tie('value'), fc.constantFrom('=', '!=', '<', '>='), tie('value'))
      .map((parts) => parts.join(' ')),
    fc.tuple(field, fc.constantFrom('=~', '!~'), pattern).map((parts) => parts.join(' ')),
    field,
    tie('condition').map((inner) => `!(${inner})`),
    fc
      .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
      .map(([a, op, b]) => `(${a}) ${op} (${b})`),
  ),
})).condition;
