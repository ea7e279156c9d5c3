import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IdentityHash } from './identity.ts';

function idOf(...parts: Uint8Array[]): string {
  const hash = new IdentityHash();
  hash.reset();
  for (const part of parts) hash.update(part, 0, part.length);
  hash.finish();
  return `${hash.high >>> 0}:${hash.low >>> 0}`;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('IdentityHash', () => {
  test('gives the ids that are in stores already', () => {
    expect(idOf()).toMatchInlineSnapshot(`"1094891496:3540719157"`);
    expect(idOf(bytesOf('service.name'), bytesOf(''))).toMatchInlineSnapshot(
      `"2562093834:3899483264"`,
    );
  });

  test('gives 200,000 similar texts an id each, of which each half is nearly as good', () => {
    const ids = new Set<string>();
    const lows = new Set<string>();
    for (let i = 0; i < 200_000; i++) {
      const id = idOf(bytesOf(`host-${i}`));
      ids.add(id);
      lows.add(id.slice(id.indexOf(':')));
    }
    expect(ids.size).toBe(200_000);
    // 32 bits repeat about 5 times among so many.
    expect(lows.size).toBeGreaterThan(199_970);
  });

  test('changes about half of its bits with any bit of the input', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(), (bytes, at) => {
        const changed = Uint8Array.from(bytes);
        const index = at % bytes.length;
        changed[index] = (changed[index] ?? 0) ^ (1 << (at % 8));
        expect(differingBits(idOf(bytes), idOf(changed))).toBeGreaterThan(8);
      }),
    );
  });

  test('tells where one part ends and the next begins', () => {
    expect(idOf(bytesOf('ab'), bytesOf('c'))).not.toBe(idOf(bytesOf('a'), bytesOf('bc')));
    expect(idOf(bytesOf('a'))).not.toBe(idOf(bytesOf('a\0')));
  });
});

function differingBits(a: string, b: string): number {
  const [highA = 0, lowA = 0] = a.split(':').map(Number);
  const [highB = 0, lowB = 0] = b.split(':').map(Number);
  const ones = (value: number) => (value >>> 0).toString(2).replaceAll('0', '').length;
  return ones(highA ^ highB) + ones(lowA ^ lowB);
}
