/**
 * Which span is the parent of which, by the numbers of their ids. Where a client and a server span share an id (Zipkin), the
 * server span is the client's child and children belong to the server span. One span of every cycle that a broken sender
 * made is a root.
 */

/** The spans of a trace, ordered by start. */
export interface LinkedSpans {
  /** A number for the id of each span. */
  readonly ids: Int32Array;
  /** The same of its parent's, -1 where it names none. */
  readonly parentIds: Int32Array;
  /** 1 for a server or consumer: the other side of a span that may have its id. */
  readonly called: Uint8Array;
  /** Ids have numbers below this. */
  readonly idCount: number;
}

/** In the place of a parent: a root, and a span whose parent is not in the trace. */
export const NO_PARENT: number = -1;
export const MISSING_PARENT: number = -2;

/** The index of each span's parent, or `NO_PARENT` or `MISSING_PARENT`. Following them never goes round. */
export function findParents(spans: LinkedSpans): Int32Array<ArrayBuffer> {
  const { ids, parentIds, called } = spans;
  const { clients, servers } = indexById(spans);
  const parents = new Int32Array(ids.length).fill(NO_PARENT);
  for (let index = 0; index < ids.length; index++) {
    const shared = called[index] === 1 ? (clients[ids[index] ?? 0] ?? -1) : -1;
    const parentId = parentIds[index] ?? -1;
    if (shared >= 0) parents[index] = shared;
    else if (parentId >= 0) {
      const server = servers[parentId] ?? -1;
      const parent = server >= 0 ? server : (clients[parentId] ?? -1);
      if (parent < 0) parents[index] = MISSING_PARENT;
      else if (parent !== index) parents[index] = parent;
    }
  }
  breakCycles(parents);
  return parents;
}

/** The first span of each id on either side; -1 for none. */
function indexById({ ids, called, idCount }: LinkedSpans): {
  readonly clients: Int32Array;
  readonly servers: Int32Array;
} {
  const clients = new Int32Array(idCount).fill(-1);
  const servers = new Int32Array(idCount).fill(-1);
  for (let index = ids.length - 1; index >= 0; index--) {
    const byId = called[index] === 1 ? servers : clients;
    byId[ids[index] ?? 0] = index;
  }
  return { clients, servers };
}

/** Makes the first span of every cycle a root. Each span is walked once: `pass` remembers which walk saw it. */
function breakCycles(parents: Int32Array): void {
  const pass = new Int32Array(parents.length);
  for (let start = 0; start < parents.length; start++) {
    let index = start;
    while (index >= 0 && pass[index] === 0) {
      pass[index] = start + 1;
      index = parents[index] ?? NO_PARENT;
    }
    if (index >= 0 && pass[index] === start + 1)
      parents[findFirstOfCycle(parents, index)] = NO_PARENT;
  }
}

/** The walk may enter a cycle anywhere, from a span that hangs below it. */
function findFirstOfCycle(parents: Int32Array, entry: number): number {
  let first = entry;
  for (let index = parents[entry] ?? -1; index !== entry; index = parents[index] ?? -1) {
    first = Math.min(first, index);
  }
  return first;
}
