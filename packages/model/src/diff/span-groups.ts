/**
 * Spans of two traces that do the same work at the same place: grouped by the path of service, span name and kind from the
 * root. Groups form a tree of their own, the union of both traces' trees with equal siblings put together.
 */
import { SPAN_KINDS } from '../span.ts';
import type { TraceTree } from '../trace-tree.ts';
import type { DiffColumns } from './diff-columns.ts';

/** Where groups are in their tree, and what their spans are, over the number of the group. A parent's number is below its children's. */
export interface GroupPlaces {
  readonly count: number;
  /** -1 for a group of roots. */
  readonly parents: Int32Array;
  /** 0 for roots. */
  readonly depths: Uint32Array;
  /** Indexes into `services`. */
  readonly serviceIndexes: Uint32Array;
  readonly services: readonly string[];
  /** Indexes into `names`. */
  readonly nameIndexes: Uint32Array;
  readonly names: readonly string[];
  /** Indexes into `SPAN_KINDS`. */
  readonly kinds: Uint8Array;
}

/** By which columns a span is taken for the same work as another one. */
type IdentityColumns = Pick<
  DiffColumns,
  'spanCount' | 'serviceIndexes' | 'services' | 'nameIndexes' | 'names' | 'kinds'
>;

/** More spans than a trace can have in memory, and few enough that a path fits a number. */
const MAX_IDENTITIES = 2 ** 26;

/** Numbers groups in the order they come, so that equal paths of two traces have equal numbers. */
export class SpanGroups {
  readonly #services = new TextNumbers();
  readonly #names = new TextNumbers();
  readonly #identities = new Map<number, number>();
  readonly #idByPath = new Map<number, number>();
  readonly #parents: number[] = [];
  readonly #depths: number[] = [];
  readonly #serviceIndexes: number[] = [];
  readonly #nameIndexes: number[] = [];
  readonly #kinds: number[] = [];

  /** The group of each span, over its index. */
  numberAll(columns: IdentityColumns, tree: TraceTree): Uint32Array {
    const services = columns.services.map((text) => this.#services.numberOf(text));
    const names = columns.names.map((text) => this.#names.numberOf(text));
    const groupIds = new Uint32Array(columns.spanCount);
    for (const index of tree.order) {
      const service = services[columns.serviceIndexes[index] ?? 0] ?? 0;
      const name = names[columns.nameIndexes[index] ?? 0] ?? 0;
      const kind = columns.kinds[index] ?? 0;
      const parent = tree.parents[index] ?? -1;
      const parentId = parent < 0 ? -1 : (groupIds[parent] ?? 0);
      // As text, a path would grow with its depth.
      const path = (parentId + 1) * MAX_IDENTITIES + this.#identify(service, name, kind);
      const id = this.#idByPath.get(path) ?? this.#parents.length;
      groupIds[index] = id;
      if (id < this.#parents.length) continue;
      this.#idByPath.set(path, id);
      this.#parents.push(parentId);
      this.#depths.push(tree.depths[index] ?? 0);
      this.#serviceIndexes.push(service);
      this.#nameIndexes.push(name);
      this.#kinds.push(kind);
    }
    return groupIds;
  }

  toPlaces(): GroupPlaces {
    return {
      count: this.#parents.length,
      parents: Int32Array.from(this.#parents),
      depths: Uint32Array.from(this.#depths),
      serviceIndexes: Uint32Array.from(this.#serviceIndexes),
      services: this.#services.texts,
      nameIndexes: Uint32Array.from(this.#nameIndexes),
      names: this.#names.texts,
      kinds: Uint8Array.from(this.#kinds),
    };
  }

  #identify(service: number, name: number, kind: number): number {
    // Below 2^53: a trace has fewer than 2^24 services and names in memory.
    const key = (service * MAX_IDENTITIES + name) * SPAN_KINDS.length + kind;
    const known = this.#identities.get(key);
    if (known !== undefined) return known;
    const identity = this.#identities.size;
    this.#identities.set(key, identity);
    return identity;
  }
}

class TextNumbers {
  readonly texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}
