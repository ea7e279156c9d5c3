/** Numbers that are the same for the same seed: a case that failed can be run again. */
export interface Random {
  /** A whole number from 0 to `count` - 1. */
  below(count: number): number;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    below(count) {
      // Mulberry32.
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(count, 1);
    },
  };
}

const MAX_BYTES = 256 * 1024;
/** Bytes at which something changes: in varints, in UTF-8, in JSON, in thrift. */
const EDGES = Buffer.from([
  0,
  1,
  2,
  7,
  8,
  0x0a,
  0x12,
  0x7f,
  0x80,
  0xc0,
  0xed,
  0xf4,
  0xff,
  ...Buffer.from('"\\[]{}-09.eE,:'),
]);
const PIECES: readonly Buffer[] = [
  Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f]),
  Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
  Buffer.from([0x7f, 0xff, 0xff, 0xff]),
  Buffer.from([0x80, 0, 0, 0]),
  Buffer.alloc(8),
  Buffer.alloc(40, 0x0b),
  Buffer.from('null'),
  Buffer.from('1e999'),
  Buffer.from('-1'),
  Buffer.from('12345678901234567890'),
  Buffer.from('"\\ud800"'),
  Buffer.from('{"key":"a","value":{"stringValue":"b"}},'),
  Buffer.from('['.repeat(100)),
];

/** Damages a payload in one to six ways. */
export function mutate(seeds: readonly Uint8Array[], random: Random): Uint8Array {
  let bytes: Uint8Array = Buffer.from(pick(seeds, random));
  const count = 1 + random.below(6);
  for (let i = 0; i < count; i++) bytes = mutateOnce(bytes, seeds, random);
  return new Uint8Array(bytes.subarray(0, MAX_BYTES));
}

function mutateOnce(bytes: Uint8Array, seeds: readonly Uint8Array[], random: Random): Uint8Array {
  const at = random.below(bytes.length + 1);
  const count = 1 + random.below(random.below(4) === 0 ? 200 : 8);
  switch (random.below(11)) {
    case 0:
      return changed(bytes, at, (byte) => byte ^ (1 << random.below(8)));
    case 1:
      return changed(bytes, at, () => random.below(256));
    case 2:
      return changed(bytes, at, () => EDGES[random.below(EDGES.length)] ?? 0);
    case 3:
      return changed(bytes, at, (byte) => byte + random.below(5) - 2);
    case 4:
      return bytes.slice(0, at);
    case 5:
      return replaced(bytes, at, at + count, new Uint8Array(0));
    case 6:
      return replaced(bytes, at, at, bytes.slice(at, at + count));
    case 7:
      return replaced(bytes, at, at, pick(PIECES, random));
    case 8: {
      const piece = pick(PIECES, random);
      return replaced(bytes, at, at + piece.length, piece);
    }
    case 9: {
      const other = pick(seeds, random);
      const from = random.below(other.length);
      return replaced(bytes, at, at + count, other.slice(from, from + 1 + random.below(200)));
    }
    default: {
      const piece = bytes.slice(at, at + count);
      const times = random.below(20) === 0 ? 1000 : random.below(20);
      return replaced(bytes, at, at, Buffer.concat(Array.from({ length: times }, () => piece)));
    }
  }
}

function changed(bytes: Uint8Array, at: number, change: (byte: number) => number): Uint8Array {
  const copy = bytes.slice();
  const byte = copy[at];
  if (byte !== undefined) copy[at] = change(byte);
  return copy;
}

function replaced(bytes: Uint8Array, start: number, end: number, by: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, start), by, bytes.subarray(end)]).subarray(0, MAX_BYTES);
}

function pick<Value>(values: readonly Value[], random: Random): Value {
  const value = values[random.below(values.length)];
  if (value === undefined) throw new Error('there is nothing to pick from');
  return value;
}
