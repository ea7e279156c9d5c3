/**
 * Which resources and scopes have to be written with a block: those that neither its segment nor the engine holds. New
 * ones are rare, so most blocks are spans and nothing else. Writing one too often is harmless; never writing it would
 * leave spans that nobody can tell the origin of.
 */
import type { SpanBlock } from '@clew/model';
import type { ClosedSegment } from '../segment/segment-log.ts';
import { isSetIdentity } from '../attribute-sets/attribute-sets.ts';

type Kind = 'resources' | 'scopes';

/** Beyond this many, what the engine holds is forgotten and written again. */
const MAX_STORED = 100_000;

export class BlockIdentities {
  readonly #stored = new Set<string>();

  /** Whether `kind` has to be written; marks the block's as held by the segment. */
  claim(kind: Kind, block: SpanBlock, request: { day: number; held: Set<string> }): boolean {
    const { ids } = block[kind];
    let isNew = false;
    for (let row = 0; row < ids.length; row++) {
      const identity = formatIdentity(kind, request.day, block.tenant, ids.at(row));
      if (this.#stored.has(identity) || request.held.has(identity)) continue;
      request.held.add(identity);
      isNew = true;
    }
    return isNew;
  }

  /** Remembers what a segment brought into the engine. What was repaired may have lost some: they will be written again. */
  markStored(
    { identities }: Pick<ClosedSegment, 'identities'>,
    { isRepaired }: { readonly isRepaired: boolean },
  ): void {
    if (isRepaired) return;
    if (this.#stored.size + identities.size > MAX_STORED) this.#stored.clear();
    for (const identity of identities) if (!isSetIdentity(identity)) this.#stored.add(identity);
  }
}

/** The day is in it because a dictionary's row expires with its partition. */
function formatIdentity(kind: Kind, day: number, tenant: string, id: bigint): string {
  return `${kind} ${day} ${id} ${tenant}`;
}
