/** Rows of one trace as they come from the engine, a growing typed array a column. */
import {
  ByteColumn,
  IdNumbers,
  LimitError,
  SPAN_STATUSES,
  Uint32Column,
  Uint64Column,
  isCancellation,
} from '@clew/model';
import type { Attribute } from '@clew/model';

export class ColumnarRows {
  readonly #budget = new TextBudget();
  readonly spanIds: Uint64Column = new Uint64Column();
  /** 0 where a span names no parent. */
  readonly parentSpanIds: Uint64Column = new Uint64Column();
  readonly starts: Uint64Column = new Uint64Column();
  readonly durations: Uint64Column = new Uint64Column();
  readonly kinds: ByteColumn = new ByteColumn();
  readonly statuses: ByteColumn = new ByteColumn();
  /** As `TraceColumns` has it; until the sets were added, without what they say. */
  readonly cancelled: ByteColumn = new ByteColumn();
  readonly serviceIndexes: Uint32Column = new Uint32Column();
  readonly services: TextNumbers = new TextNumbers(this.#budget);
  readonly nameIndexes: Uint32Column = new Uint32Column();
  readonly names: TextNumbers = new TextNumbers(this.#budget);
  /** Without those of the set. */
  readonly attributeCounts: Uint32Column = new Uint32Column();
  /** The numbers in `sets`. */
  readonly setNumbers: Uint32Column = new Uint32Column();
  readonly sets: IdNumbers = new IdNumbers();
  readonly linkCounts: Uint32Column = new Uint32Column();
  /** Where the events of each row end. */
  readonly eventEnds: Uint32Column = new Uint32Column();
  readonly eventTimes: Uint64Column = new Uint64Column();
  readonly eventNameIndexes: Uint32Column = new Uint32Column();
  readonly eventNames: TextNumbers = new TextNumbers(this.#budget);

  get count(): number {
    return this.spanIds.length;
  }

  /** Of the sets that spans have. */
  get setIds(): Set<bigint> {
    const ids = new Set<bigint>();
    for (let number = 0; number < this.sets.count; number++) ids.add(this.sets.at(number));
    ids.delete(0n);
    return ids;
  }

  /** Adds what is said by the attributes of the sets, by their ids: how many they are, and that a span was cancelled. */
  addSets(attributesById: ReadonlyMap<bigint, readonly Attribute[]>): void {
    const counts = new Uint32Array(this.sets.count);
    const cancels = new Uint8Array(this.sets.count);
    for (let number = 0; number < counts.length; number++) {
      const attributes = attributesById.get(this.sets.at(number)) ?? [];
      counts[number] = attributes.length;
      cancels[number] = attributes.some(isCancellation) ? 1 : 0;
    }
    const { values } = this.attributeCounts;
    const { values: numbers } = this.setNumbers;
    const { bytes: cancelled } = this.cancelled;
    const { bytes: statuses } = this.statuses;
    for (let row = 0; row < values.length; row++) {
      const set = numbers[row] ?? 0;
      values[row] = (values[row] ?? 0) + (counts[set] ?? 0);
      if (cancels[set] === 1 && statuses[row] !== OK) cancelled[row] = 1;
    }
  }

  /** Ends a row, whose events were added. */
  endRow(linkCount: number): void {
    this.linkCounts.push(linkCount);
    this.eventEnds.push(this.eventTimes.length);
  }
}

const OK = SPAN_STATUSES.indexOf('ok');

/** Of all names of a trace: they go into the header of an answer, which is one string. */
const MAX_CHARACTERS = 64 * 1024 ** 2;

/** Counts what the names of a trace take. */
class TextBudget {
  #characterCount = 0;

  take(text: string): void {
    this.#characterCount += text.length;
    if (this.#characterCount <= MAX_CHARACTERS) return;
    throw new LimitError(`the names in the trace have more than ${MAX_CHARACTERS} characters`, {
      limit: MAX_CHARACTERS,
      actual: this.#characterCount,
    });
  }
}

/** Numbers texts from 0 up, in the order in which they are first seen. Throws `LimitError` when they are too many. */
class TextNumbers {
  readonly texts: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #budget: TextBudget;

  constructor(budget: TextBudget) {
    this.#budget = budget;
  }

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#budget.take(text);
    this.#numbers.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}
