/**
 * How many of a segment's spans have an attribute under each key, by the minute they began in: the rows of `attribute_keys_1m`, which
 * tell whoever completes a query what is common. A span counts for the keys of its resource as for its own. Costs an addition for each
 * attribute of each span, and a look-up for each key of a run of spans of one minute. Measured by `bench -- rollup`.
 *
 * The counts are for people who choose among names. A segment whose process died before it was inserted is not counted here, and
 * neither are spans subtracted whose trace is deleted.
 */
import { ByteColumn } from '@clew/model';
import type { AttributeColumns, SpanBlock, StringDictionary } from '@clew/model';
import type { NativeWriter } from '../native/native-writer.ts';
import type { BlockFiling } from '../native/partition-time.ts';
import type { AttributeOwner } from '../span-store.ts';
import { bytesOf } from './bytes.ts';
import { minutesOf } from './minutes-of.ts';

/** Rows of a segment: a sender that puts ids into keys, or invents times, must not fill the memory. */
const MAX_ROWS = 20_000;

interface KeyCountRow {
  readonly day: number;
  readonly minute: number;
  readonly owner: AttributeOwner;
  readonly key: string;
  spanCount: number;
}

/** Spans next to each other that are filed alike. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly minute: number;
  readonly day: number;
}

const TYPES = ['string', 'int', 'double', 'bool', 'complex'] as const;

export class KeyCounts {
  readonly #rows = new Map<string, KeyCountRow>();
  /** By entry of a dictionary of keys, or by row of the resources; zeros between two runs. */
  #counts = new Uint32Array(256);

  add(block: SpanBlock, filing: BlockFiling): void {
    const resources = resourceRowsOf(block);
    for (const run of runsOf(minutesOf(block, filing), filing.days, block.spanCount)) {
      for (const type of TYPES) this.#addOwn(block.attributes[type], run);
      this.#addResources(block, resources, run);
    }
  }

  get rowCount(): number {
    return this.#rows.size;
  }

  /** Writes the columns of `attribute_keys_1m` but the tenant. */
  encode(writer: NativeWriter): void {
    const rows = [...this.#rows.values()];
    const seconds = Uint32Array.from(rows, ({ minute }) => minute * 60);
    writer.plain('partition_date', 'Date', bytesOf(Uint16Array.from(rows, ({ day }) => day)));
    writer.plain('minute', 'DateTime', bytesOf(seconds));
    for (const column of ['owner', 'key'] as const) {
      const texts = new ByteColumn();
      for (const row of rows) {
        const text = Buffer.from(row[column]);
        texts.pushString(text, 0, text.length);
      }
      writer.plain(column, 'String', texts.bytes);
    }
    const counts = BigUint64Array.from(rows, ({ spanCount }) => BigInt(spanCount));
    writer.plain('span_count', 'UInt64', bytesOf(counts));
  }

  #addOwn({ keys, rowEnds }: AttributeColumns[(typeof TYPES)[number]], run: Run): void {
    const { dictionary, indexes } = keys;
    const counts = this.#countsFor(dictionary.count);
    const entries = indexes.values;
    const start = run.from === 0 ? 0 : (rowEnds.halves[(run.from - 1) << 1] ?? 0);
    const end = rowEnds.halves[(run.to - 1) << 1] ?? 0;
    for (let at = start; at < end; at++) {
      const entry = entries[at] ?? 0;
      counts[entry] = (counts[entry] ?? 0) + 1;
    }
    // Whichever is shorter: the entries of a short run are fewer than what the dictionary has.
    if (dictionary.count <= end - start) {
      for (let entry = 0; entry < dictionary.count; entry++) this.#take(run, dictionary, entry);
    } else {
      for (let at = start; at < end; at++) this.#take(run, dictionary, entries[at] ?? 0);
    }
  }

  #take(run: Run, dictionary: StringDictionary, entry: number): void {
    const count = this.#counts[entry] ?? 0;
    if (count === 0) return;
    this.#counts[entry] = 0;
    this.#count(run, 'span', dictionary.text(entry), count);
  }

  #addResources({ resources }: SpanBlock, rows: Uint32Array, run: Run): void {
    const counts = this.#countsFor(resources.count + 1);
    for (let row = run.from; row < run.to; row++) {
      const resource = rows[row] ?? 0;
      counts[resource] = (counts[resource] ?? 0) + 1;
    }
    for (let row = run.from; row < run.to; row++) {
      const resource = rows[row] ?? 0;
      const count = counts[resource] ?? 0;
      if (count === 0) continue;
      counts[resource] = 0;
      if (resource === 0) continue;
      for (const type of TYPES) {
        const { keys, rowEnds } = resources.attributes[type];
        const start = resource === 1 ? 0 : (rowEnds.halves[(resource - 2) << 1] ?? 0);
        const end = rowEnds.halves[(resource - 1) << 1] ?? 0;
        for (let at = start; at < end; at++) this.#count(run, 'resource', keys.text(at), count);
      }
    }
  }

  #countsFor(size: number): Uint32Array {
    if (this.#counts.length < size) this.#counts = new Uint32Array(size * 2);
    return this.#counts;
  }

  #count({ minute, day }: Run, owner: AttributeOwner, key: string, spanCount: number): void {
    // The empty key is not listed.
    if (key === '') return;
    const id = `${day} ${minute} ${owner} ${key}`;
    const row = this.#rows.get(id);
    if (row !== undefined) row.spanCount += spanCount;
    else if (this.#rows.size < MAX_ROWS) {
      this.#rows.set(id, { day, minute, owner, key, spanCount });
    }
  }
}

/** The row of each span's resource from 1 on, 0 where the block does not have it. */
function resourceRowsOf({ spanCount, resourceIds, resources }: SpanBlock): Uint32Array {
  const rows = new Uint32Array(spanCount);
  const { halves } = resourceIds;
  for (let row = 0; row < spanCount; row++) {
    const [low, high] = [halves[row << 1] ?? 0, halves[(row << 1) + 1] ?? 0];
    const isAsBefore = row > 0 && halves[(row - 1) << 1] === low && halves[(row << 1) - 1] === high;
    rows[row] = isAsBefore ? (rows[row - 1] ?? 0) : resources.find(low, high) + 1;
  }
  return rows;
}

function* runsOf(minutes: Uint32Array, days: Uint16Array, spanCount: number): Generator<Run> {
  for (let from = 0; from < spanCount;) {
    const [minute, day] = [minutes[from] ?? 0, days[from] ?? 0];
    let to = from + 1;
    while (to < spanCount && minutes[to] === minute && days[to] === day) to++;
    yield { from, to, minute, day };
    from = to;
  }
}
