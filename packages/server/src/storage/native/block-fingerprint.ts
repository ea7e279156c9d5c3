import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { AttributeColumns, DictionaryColumn, SpanBlock } from '@clew/model';

/** 32 hexadecimal digits. */
export type BlockFingerprint = string;

/** Of a block that nobody is ever asked about. */
export const NO_FINGERPRINT: BlockFingerprint = '0'.repeat(32);

/**
 * What tells a block from every other, and finds the same again when its sender repeats it: a hash of the identities of its spans,
 * and a checksum of all else that they say, so that a copy that says more is another block. The checksum of 600 bytes a span takes a
 * third of the time that hashing them would: 0.15 µs.
 */
export function fingerprintOf(block: SpanBlock): BlockFingerprint {
  let checksum = 0;
  const lengths: number[] = [];
  for (const column of contentOf(block)) {
    lengths.push(column.length);
    if (column.length > 0) checksum = crc32(column, checksum);
  }
  return createHash('sha256')
    .update(`${block.tenant}\n${checksum} ${lengths.join(' ')}\n`)
    .update(block.traceIds.bytes)
    .update(block.spanIds.bytes)
    .update(block.startUnixNano.bytes)
    .update(block.durationNano.bytes)
    .update(block.resourceIds.bytes)
    .update(block.kinds.bytes)
    .digest('hex')
    .slice(0, NO_FINGERPRINT.length);
}

/** All of a span but its identity; of its resource and its scope the numbers tell everything. */
function contentOf(block: SpanBlock): readonly Uint8Array[] {
  return [
    block.parentSpanIds.bytes,
    block.statuses.bytes,
    block.scopeIds.bytes,
    ...ofTexts(block.name),
    ...ofTexts(block.statusMessage),
    ...ofTexts(block.traceState),
    bytesOf(block.flags.values),
    ...ofAttributes(block.attributes),
    bytesOf(block.droppedAttributesCounts.values),
    block.events.bytes,
    bytesOf(block.droppedEventsCounts.values),
    block.links.bytes,
    bytesOf(block.droppedLinksCounts.values),
  ];
}

function ofAttributes({ string, int, double, bool, complex }: AttributeColumns): Uint8Array[] {
  return [string, int, double, bool, complex].flatMap(({ rowEnds, keys, values }) => [
    rowEnds.bytes,
    ...ofTexts(keys),
    values.bytes,
  ]);
}

function ofTexts({ dictionary, indexes }: DictionaryColumn): Uint8Array[] {
  return [dictionary.bytes, bytesOf(dictionary.starts), bytesOf(indexes.values)];
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
