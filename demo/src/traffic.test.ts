import { describe, expect, test } from 'vitest';
import { createOrders } from './traffic.ts';
import type { OrderRequest } from './traffic.ts';

function take(seed: number, count: number): OrderRequest[] {
  const orders = createOrders(seed);
  return Array.from({ length: count }, () => orders.next().value);
}

describe('the customers', () => {
  test('order the same for the same seed, and something else for another', () => {
    expect(take(1, 50)).toEqual(take(1, 50));
    expect(take(1, 50)).not.toEqual(take(2, 50));
  });

  test('make every kind of order within the first twenty, most of them good', () => {
    const kinds = take(3, 20).map((order) => order.kind);
    expect(new Set(kinds)).toEqual(
      new Set(['good', 'slow', 'unknown-user', 'card-expired', 'invalid', 'too-many']),
    );
    expect(kinds.filter((kind) => kind === 'good')).toHaveLength(13);
  });

  test('are users who exist, slow to look up, and without a valid card, only where they should be', () => {
    for (const { kind, body } of take(4, 500)) {
      const { userId } = JSON.parse(body) as { readonly userId: number };
      if (kind === 'unknown-user') expect(userId).toBeGreaterThan(1000);
      else expect(userId % 10 === 0).toBe(kind === 'slow');
      expect(userId % 100 === 13).toBe(kind === 'card-expired');
      if (kind !== 'unknown-user') expect(userId).toBeLessThanOrEqual(1000);
    }
  });
});
