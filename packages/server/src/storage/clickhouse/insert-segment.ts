import { stat } from 'node:fs/promises';
import { RESOURCE_STRUCTURE, SCOPE_STRUCTURE, SPAN_STRUCTURE } from '../native/structures.ts';
import type { Structure } from '../native/structures.ts';
import { SEGMENT_PARTS, segmentPath } from '../segment/segment-name.ts';
import type { SegmentPart } from '../segment/segment-name.ts';
import type { Engine } from './engine/engine.ts';

const STRUCTURES: Readonly<Record<SegmentPart, Structure>> = {
  resources: RESOURCE_STRUCTURE,
  scopes: SCOPE_STRUCTURE,
  spans: SPAN_STRUCTURE,
};

const AFFECTED: Readonly<Record<SegmentPart, readonly string[]>> = {
  resources: ['resources'],
  scopes: ['scopes'],
  spans: ['spans', 'traces', 'operations'],
};

/**
 * Inserts the files of a segment, what spans refer to first. The segment's stem is the token, so doing it again, in this
 * process or a later one, changes nothing.
 */
export async function insertSegment(
  engine: Engine,
  directory: string,
  stem: string,
): Promise<void> {
  for (const part of SEGMENT_PARTS) {
    const path = segmentPath(directory, stem, part);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined || found.size === 0) continue;
    await engine.insertFile({
      path,
      table: part,
      structure: STRUCTURES[part],
      token: stem,
      affectedTables: AFFECTED[part],
    });
  }
}
