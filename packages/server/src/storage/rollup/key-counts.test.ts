import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keptPartitions } from '../native/partition-time.ts';
import { placeBlock } from '../testing/place-block.ts';
import { NOW_MS, at, attribute, blockOf, resource, span } from '../testing/spans.ts';
import { KeyCounts } from './key-counts.ts';

const KEPT = keptPartitions(NOW_MS, 7 * 86_400_000);

test('counts each span once a minute, owner and key, in whatever order spans come', () => {
  const value = fc.constantFrom<string | bigint | number | boolean>('x', 1n, 0.5, true);
  const anySpan = fc.record({
    minute: fc.integer({ min: 0, max: 2 }),
    service: fc.constantFrom('shop', 'mail'),
    attributes: fc.dictionary(fc.constantFrom('a', 'b', 'server.port'), value),
  });
  fc.assert(
    fc.property(fc.array(fc.array(anySpan, { minLength: 1 }), { maxLength: 4 }), (batches) => {
      const counts = new KeyCounts();
      const expected = new Set<string>();
      for (const batch of batches) {
        const block = blockOf(
          batch.map(({ minute, service, attributes }) =>
            span({
              startUnixNano: at(minute * 60_000),
              resource: resource(service),
              attributes: Object.entries(attributes).map(([key, each]) => attribute(key, each)),
            }),
          ),
        );
        counts.add(block, placeBlock(block, KEPT).filing);
        for (const { minute, attributes } of batch) {
          expected.add(`${minute} resource service.name`);
          for (const key of Object.keys(attributes)) expected.add(`${minute} span ${key}`);
        }
      }
      expect(counts.rowCount).toBe(expected.size);
    }),
  );
});

test('a sender that puts ids into keys fills no memory', () => {
  const counts = new KeyCounts();
  for (let batch = 0; batch < 30; batch++) {
    const block = blockOf(
      Array.from({ length: 1000 }, (_, i) =>
        span({ startUnixNano: at(0), attributes: [attribute(`key-${batch}-${i}`, 'x')] }),
      ),
    );
    counts.add(block, placeBlock(block, KEPT).filing);
  }
  expect(counts.rowCount).toBe(20_000);
});
