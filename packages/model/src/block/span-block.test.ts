import { describe, expect, test } from 'vitest';
import { SpanBlock } from './span-block.ts';

const BYTES = Uint8Array.from({ length: 300 }, (_, i) => i);

/** Pushes to every column of a span; how much depends on `n`. */
function pushSpan(block: SpanBlock, n: number): void {
  block.traceIds.pushBytes(BYTES, n, n + 16);
  block.spanIds.pushBytes(BYTES, n, n + 8);
  block.parentSpanIds.pushZeros(8);
  block.startUnixNano.push(n, 0);
  block.durationNano.push(n, 1);
  block.service.pushText(`service-${n}`);
  block.name.pushText(`name-${n}`);
  block.kinds.pushByte(1);
  block.statuses.pushByte(2);
  block.statusMessage.pushText('no');
  block.traceState.pushText('a=b');
  block.flags.push(n);
  block.weights.push(n);
  block.resourceIds.push(n, n);
  block.scopeIds.push(n, n);
  block.attributes.string.keys.pushText('key');
  block.attributes.string.values.pushString(BYTES, 0, n);
  block.droppedAttributesCounts.push(n);
  block.events.pushString(BYTES, 0, n);
  block.droppedEventsCounts.push(n);
  block.links.pushString(BYTES, 0, 2 * n);
  block.droppedLinksCounts.push(n);
}

/** The rows of every column, but for strings that only a dictionary still has. */
function contentOf(block: SpanBlock) {
  const { attributes } = block;
  return {
    spanCount: block.spanCount,
    bytes: [
      block.traceIds,
      block.spanIds,
      block.parentSpanIds,
      block.kinds,
      block.statuses,
      block.events,
      block.links,
      block.startUnixNano,
      block.durationNano,
      block.resourceIds,
      block.scopeIds,
      attributes.string.values,
      attributes.string.rowEnds,
    ].map(({ bytes }) => Array.from(bytes)),
    numbers: [
      block.flags,
      block.weights,
      block.droppedAttributesCounts,
      block.droppedEventsCounts,
      block.droppedLinksCounts,
      attributes.string.keys.indexes,
    ].map(({ values }) => Array.from(values)),
    texts: [block.service, block.name, block.statusMessage, block.traceState].map((column) =>
      Array.from(column.indexes.values, (entry) => column.dictionary.text(entry)),
    ),
  };
}

function blockOf(...spans: readonly number[]): SpanBlock {
  const block = new SpanBlock('default');
  for (const n of spans) {
    pushSpan(block, n);
    block.endSpan();
  }
  return block;
}

describe('SpanBlock', () => {
  test.each([[[]], [[3]], [[3, 40, 100]]])(
    'after the spans %j forgets one that was begun',
    (spans) => {
      const block = blockOf(...spans);
      pushSpan(block, 7);
      block.rollbackSpan();
      expect(contentOf(block)).toEqual(contentOf(blockOf(...spans)));
    },
  );

  test('forgets a span of which only a part was pushed, and goes on', () => {
    const block = blockOf(3);
    block.traceIds.pushBytes(BYTES, 0, 16);
    block.events.pushString(BYTES, 0, 200);
    block.attributes.string.keys.pushText('gone');
    block.rollbackSpan();
    pushSpan(block, 5);
    block.endSpan();
    expect(contentOf(block)).toEqual(contentOf(blockOf(3, 5)));
  });

  test('finds resources and scopes by id, added in any way', () => {
    const { resources, scopes } = new SpanBlock('default');
    expect(resources.find(1, 2)).toBe(-1);
    resources.ids.push(1, 2);
    resources.ids.pushBigint(2n ** 64n - 1n);
    expect(resources.find(1, 2)).toBe(0);
    expect(resources.find(-1, -1)).toBe(1);
    expect(resources.find(2, 1)).toBe(-1);
    scopes.ids.push(7, 0);
    expect(scopes.find(7, 0)).toBe(0);
    expect(scopes.count).toBe(1);
  });
});
