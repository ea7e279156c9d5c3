import { writeHex } from '@clew/model';
import type { TraceView } from './trace-view.ts';

/**
 * Marks the spans with the given ids; of spans that share an id all are marked. The table that finds them is made once for a view, of
 * twice as many places as spans: a map of texts would take ten times the memory.
 */
export function markSpanIds(view: TraceView, spanIds: readonly string[]): Uint8Array {
  const marks = new Uint8Array(view.spanCount);
  if (spanIds.length === 0) return marks;
  const { places, words } = tableOf(view);
  const bytes = new Uint8Array(8);
  const wanted = new Uint32Array(bytes.buffer);
  for (const spanId of spanIds) {
    writeHex(spanId, bytes, 0);
    const [high = 0, low = 0] = wanted;
    for (let at = hash(high, low, places.length); ; at = (at + 1) & (places.length - 1)) {
      const index = (places[at] ?? 0) - 1;
      if (index < 0) break;
      if (words[2 * index] === high && words[2 * index + 1] === low) marks[index] = 1;
    }
  }
  return marks;
}

interface IdTable {
  /** An index and one more at the first free place from the id's hash on; 0 where there is none. */
  readonly places: Int32Array;
  /** The ids as pairs of numbers. */
  readonly words: Uint32Array;
}

const tables = new WeakMap<TraceView, IdTable>();

function tableOf(view: TraceView): IdTable {
  const known = tables.get(view);
  if (known !== undefined) return known;
  const words = new Uint32Array(view.columns.spanIds.slice().buffer);
  const places = new Int32Array(2 ** Math.ceil(Math.log2(2 * view.spanCount + 2)));
  for (let index = 0; index < view.spanCount; index++) {
    let at = hash(words[2 * index] ?? 0, words[2 * index + 1] ?? 0, places.length);
    while (places[at] !== 0) at = (at + 1) & (places.length - 1);
    places[at] = index + 1;
  }
  const table = { places, words };
  tables.set(view, table);
  return table;
}

/** A place in a table whose size is a power of two. */
function hash(high: number, low: number, size: number): number {
  const mixed = Math.imul(high ^ Math.imul(low, 0x9e_37_79_b1), 0x85_eb_ca_6b);
  return (mixed ^ (mixed >>> 15)) & (size - 1);
}
