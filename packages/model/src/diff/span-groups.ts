/**
 * Spans of two traces that do the same work at the same place: grouped by the path of service, span name and kind from the
 * root. Groups form a tree of their own, the union of both traces' trees with equal siblings put together.
 */
import type { Span, SpanKind } from '../span.ts';
import type { TraceTree } from '../trace-tree.ts';

/** By what a span is taken for the same work as another one. */
export type IdentifiedSpan = Pick<Span, 'name' | 'kind' | 'resource'>;

/** Where a group is in the tree of groups, and what its spans are. */
export interface GroupPlace {
  /** A parent's number is below its children's. */
  readonly id: number;
  /** `undefined` for a group of roots. */
  readonly parentId: number | undefined;
  readonly depth: number;
  readonly service: string;
  readonly name: string;
  readonly kind: SpanKind;
}

/** More spans than a trace can have in memory, and few enough that a path fits a number. */
const MAX_IDENTITIES = 2 ** 26;

/** Numbers groups in the order they come, so that equal paths of two traces have equal numbers. */
export class SpanGroups {
  readonly places: GroupPlace[] = [];
  readonly #idByPath = new Map<number, number>();
  readonly #identitiesByService = new Map<string, Map<string, number>>();
  #identityCount = 0;

  /** The group of each span, over its index. */
  numberAll(spans: readonly IdentifiedSpan[], tree: TraceTree): Uint32Array {
    const groupIds = new Uint32Array(spans.length);
    for (const index of tree.order) {
      const span = spans[index];
      if (span === undefined) continue;
      const parent = tree.parents[index] ?? -1;
      const parentId = parent < 0 ? undefined : groupIds[parent];
      // As text, a path would grow with its depth.
      const path = ((parentId ?? -1) + 1) * MAX_IDENTITIES + this.#identify(span);
      const id = this.#idByPath.get(path) ?? this.places.length;
      groupIds[index] = id;
      if (id < this.places.length) continue;
      this.#idByPath.set(path, id);
      const { name, kind, resource } = span;
      const depth = tree.depths[index] ?? 0;
      this.places.push({ id, parentId, depth, service: resource.service, name, kind });
    }
    return groupIds;
  }

  #identify({ name, kind, resource: { service } }: IdentifiedSpan): number {
    let identities = this.#identitiesByService.get(service);
    if (identities === undefined) {
      identities = new Map();
      this.#identitiesByService.set(service, identities);
    }
    const key = `${kind} ${name}`;
    const known = identities.get(key);
    if (known !== undefined) return known;
    identities.set(key, this.#identityCount);
    return this.#identityCount++;
  }
}
