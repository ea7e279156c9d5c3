import type { Attribute, AttributeColumns, AttributeValue } from '@clew/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attribute, blockOf, span } from '../testing/spans.ts';
import type { EncodableMap } from '../native/native-writer.ts';
import { StringCursor } from '../native/string-cursor.ts';
import { AttributeSets, MAX_SETS, MAX_VALUES_OF_KEY } from './attribute-sets.ts';
import type { SplitBlock } from './attribute-sets.ts';
import { MAX_SHARED_BYTES } from './split-attributes.ts';
import type { OwnAttributes } from './split-attributes.ts';

const DAY = 20_000;

/** A store's sets, and what the segment holds that is being filled. */
class Segments {
  readonly sets = new AttributeSets();
  held = new Set<string>();

  split(spans: readonly (readonly Attribute[])[], day = DAY): SplitBlock {
    const block = blockOf(spans.map((attributes) => span({ attributes })));
    return this.sets.split(block, { day, held: this.held });
  }

  /** The segment is in the engine; another one begins. */
  store(): void {
    this.sets.markStored(this.held, { isRepaired: false });
    this.held = new Set();
  }

  /** It is not, and another one begins. */
  lose(): void {
    this.held = new Set();
  }
}

function idsOf({ setIds }: SplitBlock): bigint[] {
  return Array.from(
    { length: setIds.length / 2 },
    (_, row) => (BigInt(setIds[2 * row + 1] ?? 0) << 32n) | BigInt(setIds[2 * row] ?? 0),
  );
}

type Entries = Pick<AttributeColumns, 'string' | 'int'> | OwnAttributes;

/** The texts and integers of each row. */
function readRows({ string, int }: Entries): readonly (readonly Attribute[])[] {
  const cursor = new StringCursor(string.values.bytes);
  const texts = readMap(string, (): AttributeValue => {
    return { type: 'string', value: new TextDecoder().decode(cursor.string()) };
  });
  const integers = readMap(int, (entry): AttributeValue => {
    return { type: 'int', value: BigInt.asIntN(64, int.values.at(entry)) };
  });
  return texts.map((row, index) => row.concat(integers[index] ?? []));
}

function readMap(
  { rowEnds, keys }: EncodableMap,
  readValue: (entry: number) => AttributeValue,
): readonly (readonly Attribute[])[] {
  let entry = 0;
  return Array.from(new BigUint64Array(rowEnds.bytes.slice().buffer), (end) => {
    const attributes: Attribute[] = [];
    for (; entry < end; entry++) {
      const key = keys.dictionary.text(keys.indexes.values[entry] ?? 0);
      attributes.push({ key, value: readValue(entry) });
    }
    return attributes;
  });
}

const GET = attribute('http.request.method', 'GET');
const OK = attribute('http.response.status_code', 200n);
const USER = attribute('user.id', 'u1');

describe('a block of spans', () => {
  test('is taken apart into sets and what spans have to themselves', () => {
    const segments = new Segments();
    const split = segments.split([[GET, USER, OK], [USER], [], [OK, GET], [GET]]);
    expect(readRows(split.own)).toEqual([[USER], [USER], [], [], []]);
    const ids = idsOf(split);
    expect(ids[0]).toBe(ids[3]);
    expect(ids[4]).not.toBe(ids[0]);
    expect([ids[1], ids[2]]).toEqual([0n, 0n]);
    expect(readRows(split.newSets.attributes)).toEqual([[GET, OK], [GET]]);
    expect([split.newSets.ids.at(0), split.newSets.ids.at(1)]).toEqual([ids[0], ids[4]]);
  });

  test('has the same sets in another process', () => {
    const [first, second] = [new Segments(), new Segments()];
    second.split([[attribute('http.route', '/')]]);
    const ids = idsOf(first.split([[GET, OK]]));
    expect(ids).toEqual(idsOf(second.split([[GET, OK]])));
    // They are in stores, so they may not depend on which other keys are shared.
    expect(ids).toEqual([14_285_132_478_273_054_187n]);
  });

  test('keeps every text and integer, in a set or out of it', () => {
    const keys = ['http.route', 'http.response.status_code', 'user.id', 'db.statement', ''];
    const value: fc.Arbitrary<AttributeValue> = fc.oneof(
      fc.string({ maxLength: 12 }).map((text) => ({ type: 'string' as const, value: text })),
      fc.bigInt(-(1n << 63n), (1n << 63n) - 1n).map((number) => ({
        type: 'int' as const,
        value: number,
      })),
      fc
        .constantFrom('x'.repeat(MAX_SHARED_BYTES), 'x'.repeat(MAX_SHARED_BYTES + 1))
        .map((text) => ({
          type: 'string' as const,
          value: text,
        })),
    );
    const attributes = fc.uniqueArray(fc.record({ key: fc.constantFrom(...keys), value }), {
      selector: ({ key }) => key,
    });
    fc.assert(
      fc.property(fc.array(fc.array(attributes), { maxLength: 4 }), (blocks) => {
        const segments = new Segments();
        const sets = new Map<bigint, readonly Attribute[]>([[0n, []]]);
        for (const spans of blocks) {
          const split = segments.split(spans);
          const { ids, attributes: columns } = split.newSets;
          for (const [row, set] of readRows(columns).entries()) sets.set(ids.at(row), set);
          const own = readRows(split.own);
          const read = idsOf(split).map((id, row) => (sets.get(id) ?? []).concat(own[row] ?? []));
          expect(read.map(sorted)).toEqual(spans.map(sorted));
        }
      }),
    );
  });
});

function sorted(attributes: readonly Attribute[]): readonly Attribute[] {
  return attributes.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

describe('a set', () => {
  const countNew = (split: SplitBlock): number => split.newSets.ids.length;

  test('is written with the first block of a segment that has it, until it is in the engine', () => {
    const segments = new Segments();
    expect(countNew(segments.split([[GET], [GET]]))).toBe(1);
    expect(countNew(segments.split([[GET], [OK]]))).toBe(1);
    segments.lose();
    expect(countNew(segments.split([[GET], [OK]]))).toBe(2);
    segments.store();
    expect(countNew(segments.split([[GET], [OK], [GET, OK]]))).toBe(1);
  });

  test('is written anew every day, as its rows go with their day', () => {
    const segments = new Segments();
    segments.split([[GET]]);
    segments.store();
    expect(countNew(segments.split([[GET]]))).toBe(0);
    expect(countNew(segments.split([[GET]], DAY + 1))).toBe(1);
  });

  test('of a segment that was repaired is not taken for stored', () => {
    const segments = new Segments();
    segments.split([[GET]]);
    segments.sets.markStored(segments.held, { isRepaired: true });
    segments.lose();
    expect(countNew(segments.split([[GET]]))).toBe(1);
  });
});

describe('what has too many values', () => {
  test('is not shared any more when it is a key', () => {
    const segments = new Segments();
    const statement = (number: number) => attribute('db.statement', `SELECT ${number}`);
    segments.split(Array.from({ length: MAX_VALUES_OF_KEY + 1 }, (_, i) => [GET, statement(i)]));
    const split = segments.split([[GET, statement(1)]]);
    expect(readRows(split.own)).toEqual([[statement(1)]]);
    expect(readRows(split.newSets.attributes)).toEqual([[GET]]);
  });

  test('stays with its span when the sets are too many', () => {
    const segments = new Segments();
    const set = (number: number) => [
      attribute('server.port', BigInt(number % 250)),
      attribute('code.line.number', BigInt(Math.floor(number / 250))),
    ];
    const fill = (from: number, count: number) =>
      segments.split(Array.from({ length: count }, (_, i) => set(from + i)));
    for (let from = 0; from < MAX_SETS - 1; from += 1000) {
      fill(from, Math.min(1000, MAX_SETS - 1 - from));
    }
    expect(readRows(fill(MAX_SETS, 2).own)).toEqual([set(MAX_SETS), set(MAX_SETS + 1)]);
    expect(readRows(fill(MAX_SETS, 1).own)).toEqual([[]]);
    expect(idsOf(fill(0, 1))).toEqual([0n]);
  });
});
