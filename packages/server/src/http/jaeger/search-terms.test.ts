import type { Attribute, Span } from '@clew/model';
import { compileSearch, runWithoutPause } from '@clew/traceql';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RESOURCE, SCOPE, TRACE_ID, exampleSpan } from '../../query/testing/canned-trace-reader.ts';
import { toTraceSearches } from './search-terms.ts';
import type { Tag } from './tag-conditions.ts';

/** Few keys and values, so that they meet often. */
const attribute: fc.Arbitrary<Attribute> = fc.record({
  key: fc.constantFrom('a', 'b', 'error'),
  value: fc.constantFrom<Attribute['value']>(
    { type: 'string', value: 'x' },
    { type: 'string', value: '1' },
    { type: 'int', value: 1n },
    { type: 'bool', value: true },
    { type: 'double', value: 0.5 },
  ),
});
const attributes = fc.uniqueArray(attribute, { maxLength: 2, selector: ({ key }) => key });

const span: fc.Arbitrary<Span> = fc
  .record({
    own: attributes,
    ofResource: attributes,
    ofScope: attributes,
    ofEvents: fc.array(attributes, { maxLength: 2 }),
    ofLinks: fc.array(attributes, { maxLength: 2 }),
    status: fc.constantFrom('unset' as const, 'ok' as const, 'error' as const),
  })
  .map(({ own, ofResource, ofScope, ofEvents, ofLinks, status }) => {
    const { startUnixNano, traceId, spanId } = exampleSpan();
    const rest = { droppedAttributesCount: 0 };
    return exampleSpan({
      status,
      attributes: own,
      resource: { ...RESOURCE, attributes: ofResource },
      scope: { ...SCOPE, attributes: ofScope },
      events: ofEvents.map((each) => ({
        ...rest,
        timeUnixNano: startUnixNano,
        name: 'e',
        attributes: each,
      })),
      links: ofLinks.map((each) => ({
        ...rest,
        traceId,
        spanId,
        traceState: '',
        flags: 0,
        attributes: each,
      })),
    });
  });

const tags: fc.Arbitrary<readonly Tag[]> = fc.uniqueArray(
  fc.record({
    key: fc.constantFrom('a', 'b', 'error', 'resource.a', 'span.kind'),
    value: fc.constantFrom('x', '1', 'true', '0.5', 'server', 'client'),
  }),
  { maxLength: 3, selector: ({ key }) => key },
);

function textOf({ value }: Attribute): string {
  const isPlain = value.type === 'string' || value.type === 'int' || value.type === 'double';
  return isPlain || value.type === 'bool' ? String(value.value) : '';
}

/** Whether Jaeger, keeping spans in memory, finds one by a tag: written from what its documentation says of it. */
function hasTag({ key, value }: Tag, span: Span): boolean {
  const among = (list: readonly Attribute[], name: string): boolean =>
    list.some((each) => each.key === name && textOf(each) === value);
  if (key === 'error' && value === 'true') {
    return span.status === 'error' || among(span.attributes, key);
  }
  if (key === 'error' && value === '1') {
    // Go reads it as true.
    return span.status === 'error' || hasTag({ key, value: 'true' }, span);
  }
  if (key === 'span.kind' && (value === 'server' || value === 'client')) return span.kind === value;
  if (key.startsWith('resource.')) return among(span.resource.attributes, key.slice(9));
  return [
    span.attributes,
    span.resource.attributes,
    span.scope.attributes,
    ...span.events.map((event) => event.attributes),
    ...span.links.map((link) => link.attributes),
  ].some((list) => among(list, key));
}

test('the searches for tags together find the spans that Jaeger finds', () => {
  fc.assert(
    fc.property(span, tags, (one, asked) => {
      const searches = toTraceSearches({
        service: undefined,
        operation: undefined,
        tags: asked,
        minDurationNano: undefined,
        maxDurationNano: undefined,
        startUnixNano: undefined,
        endUnixNano: undefined,
        limit: 20,
      });
      const trace = { traceId: TRACE_ID, spans: [one] };
      const answersOf = ({ search }: (typeof searches)[number]) =>
        runWithoutPause(compileSearch(search)(trace));
      const isFound = searches.some((each) => answersOf(each).length > 0);
      expect(isFound).toBe(asked.every((tag) => hasTag(tag, one)));
    }),
    { numRuns: 1000 },
  );
});
