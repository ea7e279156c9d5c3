import type { SpanBlock } from '@clew/model';
import { AttributeSets } from '../attribute-sets/attribute-sets.ts';
import type { SpanPlacement } from '../native/encode-spans.ts';
import { fileBlock } from '../native/partition-time.ts';

/** Places a block as the first of a store. */
export function placeBlock(block: SpanBlock, kept: Parameters<typeof fileBlock>[1]): SpanPlacement {
  const { setIds, own } = new AttributeSets().split(block, { day: 0, held: new Set() });
  return { filing: fileBlock(block, kept), setIds, own };
}
