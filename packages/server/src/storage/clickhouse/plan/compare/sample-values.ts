/**
 * Grouping spans by key and value would hold every id that a span ever had. So a sample is looked at first: a key that has too many
 * values there has too many, and what remains is few, or seldom.
 */
import { MAX_COMPARED_VALUES } from '@clew/traceql';
import type { RowBinaryReader } from '../../engine/row-binary-reader.ts';
import { Sql, all, integerLiteral, sql } from '../../engine/sql.ts';
import { SAMPLED_SOURCES, nameOf, valueColumn } from './compare-sources.ts';
import type { CompareSource } from './compare-sources.ts';
import { selectCells } from './compared-spans.ts';
import type { ComparedSpans } from './compared-spans.ts';

/** So many are worth looking at, which takes a tenth of a second. */
const SAMPLED_SPANS = 50_000;
const MAX_SHARE = 64;
/** Spans lie in the order of services and time, and what is sampled is whole stretches of that. */
const STRETCH_SPANS = 2048;

/** One stretch in so many. */
export function sampledShare(spanCount: number): number {
  return Math.min(MAX_SHARE, Math.max(1, Math.floor(spanCount / SAMPLED_SPANS)));
}

/**
 * How many values each key has among the sampled spans of a side, up to one too many, and how many spans. Values go by their
 * hashes, so that those of all types go together; two that are equal make too many no less true.
 */
export function selectSample(spans: ComparedSpans, share: number): Sql {
  const stretch = sql`intDiv(_part_offset, ${integerLiteral(STRETCH_SPANS)})`;
  const isSampled = sql`${stretch} % ${integerLiteral(share)} = 0`;
  const sampled = { ...spans, condition: all([spans.condition, isSampled]) };
  const entries = SAMPLED_SOURCES.map((source, index) => {
    const number = sql`toUInt8(${integerLiteral(index)})`;
    if (source.kind === 'column') return sql`[(${number}, '', cityHash64(${source.value}))]`;
    const [keys, values] = [new Sql(`${source.map}.keys`), new Sql(`${source.map}.values`)];
    const hash = sql`cityHash64(${valueColumn(source, new Sql('v'))})`;
    return sql`arrayMap((k, v) -> (${number}, toString(k), ${hash}), ${keys}, ${values})`;
  });
  const max = integerLiteral(MAX_COMPARED_VALUES + 1);
  return sql`
SELECT entry.1, entry.2, toUInt32(length(groupUniqArray(${max})(entry.3))), toFloat64(count())
FROM (${selectCells(sampled, [sql`arrayConcat(${entries}) AS entries`])})
ARRAY JOIN entries AS entry
GROUP BY entry.1, entry.2, cell % 2`;
}

/** What a sample tells. */
export interface ValueSample {
  /** Keys that have too many values in a source. */
  readonly keysOfMany: ReadonlyMap<CompareSource, ReadonlySet<string>>;
  readonly namesOfMany: ReadonlySet<string>;
  /** Values of the other keys by interval and side, about. */
  readonly cellCount: number;
}

export const NO_SAMPLE: ValueSample = {
  keysOfMany: new Map(),
  namesOfMany: new Set(),
  cellCount: 0,
};

/** Reads the answer to `selectSample`. */
export function readSample(
  reader: RowBinaryReader,
  { share, binCount }: { readonly share: number; readonly binCount: number },
): ValueSample {
  const keysOfMany = new Map<CompareSource, Set<string>>();
  const cellCounts = new Map<string, number>();
  while (!reader.isAtEnd) {
    const source = SAMPLED_SOURCES[reader.uint8()];
    const key = reader.text();
    const valueCount = reader.uint32();
    const spanCount = reader.float64();
    if (source === undefined) continue;
    if (valueCount > MAX_COMPARED_VALUES) {
      keysOfMany.set(source, (keysOfMany.get(source) ?? new Set()).add(key));
    }
    // What was seen may be in every interval; what was not is so seldom that it is in one.
    const expected = Math.min(spanCount * share, valueCount * (binCount + share));
    const name = nameOf(source, key);
    cellCounts.set(name, (cellCounts.get(name) ?? 0) + expected);
  }
  const namesOfMany = new Set(
    [...keysOfMany].flatMap(([source, keys]) => [...keys].map((key) => nameOf(source, key))),
  );
  // One side may have few of what the other has too many of.
  for (const name of namesOfMany) cellCounts.delete(name);
  const cellCount = [...cellCounts.values()].reduce((sum, count) => sum + count, 0);
  return { keysOfMany, namesOfMany, cellCount };
}
