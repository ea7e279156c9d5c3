import { describe, expect, test } from 'vitest';
import type { AttributeValue } from './attributes.ts';
import { LimitError } from './errors.ts';
import type { Resource, Span } from './span.ts';
import { exampleSpan, spanIdOf } from './testing/example-span.ts';
import {
  MAX_DIFFERENT_VALUES,
  collectAttributeValues,
  collectAttributes,
} from './trace-attributes.ts';

/** As a store gives them: some at a time. */
async function* chunksOf(spans: readonly Span[], size = 2): AsyncGenerator<readonly Span[]> {
  for (let at = 0; at < spans.length; at += size) yield spans.slice(at, at + size);
}

function span(number: number, values: Readonly<Record<string, AttributeValue>>): Span {
  const attributes = Object.entries(values).map(([key, value]) => ({ key, value }));
  return exampleSpan({ spanId: spanIdOf(number + 1), attributes, resource: RESOURCE });
}

const int = (value: number): AttributeValue => ({ type: 'int', value: BigInt(value) });
const text = (value: string): AttributeValue => ({ type: 'string', value });

const RESOURCE: Resource = {
  ...exampleSpan().resource,
  attributes: [{ key: 'host.name', value: { type: 'string', value: 'web-1' } }],
};

describe('the attributes of a trace', () => {
  test('are counted, those of resources by the spans that came from them', async () => {
    const spans = [span(0, { a: int(1) }), span(1, { a: int(2), b: int(1) }), span(2, {})];
    const { spanCount, attributes } = await collectAttributes(chunksOf(spans));
    expect(spanCount).toBe(3);
    expect(attributes.filter(({ owner }) => owner === 'span')).toEqual([
      { owner: 'span', key: 'a', spanCount: 2 },
      { owner: 'span', key: 'b', spanCount: 1 },
    ]);
    expect(attributes.filter(({ owner }) => owner === 'resource')).toEqual([
      { owner: 'resource', key: 'host.name', spanCount: 3 },
    ]);
  });
});

describe('the values of an attribute', () => {
  test('stand once, and every span says which is its own', async () => {
    const spans = [span(0, { a: text('x') }), span(1, {}), span(2, { a: text('x') })];
    expect(await collectAttributeValues(chunksOf(spans), { owner: 'span', key: 'a' })).toEqual({
      values: [text('x')],
      valueIndexes: [0, -1, 0],
    });
  });

  test('are different when their types are', async () => {
    const values: AttributeValue[] = [
      text('1'),
      int(1),
      { type: 'double', value: 1 },
      { type: 'double', value: Number.NaN },
      { type: 'double', value: 0 },
      { type: 'double', value: -0 },
      { type: 'bytes', value: Uint8Array.of(49) },
      { type: 'array', value: [int(1)] },
      text('[1]'),
    ];
    const spans = values.map((value, at) => span(at, { a: value }));
    const answer = await collectAttributeValues(chunksOf(spans), { owner: 'span', key: 'a' });
    expect(answer.valueIndexes).toEqual(values.map((_, at) => at));
  });

  test('of resources are those of where a span came from', async () => {
    const resource = { ...RESOURCE, attributes: [{ key: 'host.name', value: text('one') }] };
    const spans = [
      exampleSpan({ resource }),
      exampleSpan({ spanId: spanIdOf(7), resource: RESOURCE }),
    ];
    const answer = await collectAttributeValues(chunksOf(spans), {
      owner: 'resource',
      key: 'host.name',
    });
    expect(answer).toEqual({ values: [text('one'), text('web-1')], valueIndexes: [0, 1] });
  });

  test('that are too many are refused, with their key', async () => {
    const spans = Array.from({ length: MAX_DIFFERENT_VALUES + 1 }, (_, at) =>
      span(at, { id: int(at) }),
    );
    const asked = collectAttributeValues(chunksOf(spans, 1_000), { owner: 'span', key: 'id' });
    await expect(asked).rejects.toThrow(LimitError);
    await expect(
      collectAttributeValues(chunksOf(spans, 1_000), { owner: 'span', key: 'id' }),
    ).rejects.toThrow('id has more than 100000 different values');
  });
});
