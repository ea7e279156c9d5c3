/**
 * A segment is up to four files with one stem: `<sequence>-<run>.spans.native`, and `.resources.native`, `.scopes.native` and
 * `.attribute_sets.native` where its spans brought some that the engine had not got. The sequence orders
 * segments; the run, random and new at every start, makes the stem unlike that of any segment that ever was, because
 * the stem is also the token by which the engine recognises an insert that it has already done.
 */
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

export type SegmentPart = 'spans' | 'resources' | 'scopes' | 'attribute_sets';

/** In the order they are written and inserted: what spans refer to comes first. */
export const SEGMENT_PARTS: readonly SegmentPart[] = [
  'resources',
  'scopes',
  'attribute_sets',
  'spans',
];

const FILE = /^(\d{12}-[0-9a-f]{16})\.(spans|resources|scopes|attribute_sets)\.native$/;

export function formatStem(sequence: number, run: string): string {
  return `${String(sequence).padStart(12, '0')}-${run}`;
}

/** What the checksums in a segment start from: a part of its run. */
export function checksumSeed(stem: string): number {
  return Number.parseInt(stem.slice(13, 21), 16);
}

export function sequenceOf(stem: string): number {
  return Number(stem.slice(0, 12));
}

export function segmentPath(directory: string, stem: string, part: SegmentPart): string {
  return join(directory, `${stem}.${part}.native`);
}

/** The stems of all segments in `directory`, oldest first, and the names of files that are no part of one. */
export async function listSegments(
  directory: string,
): Promise<{ readonly stems: readonly string[]; readonly others: readonly string[] }> {
  const stems = new Set<string>();
  const others: string[] = [];
  for (const name of await readdir(directory)) {
    const match = FILE.exec(name);
    if (match?.[1] === undefined) others.push(name);
    else stems.add(match[1]);
  }
  return { stems: [...stems].sort(), others: others.sort() };
}

/** Deletes a segment, the spans first: without them the rest is of no use, with them it is needed. */
export async function deleteSegment(directory: string, stem: string): Promise<void> {
  for (const part of SEGMENT_PARTS.toReversed()) {
    await unlink(segmentPath(directory, stem, part)).catch(ignoreMissing);
  }
}

function ignoreMissing(cause: NodeJS.ErrnoException): void {
  if (cause.code !== 'ENOENT') throw cause;
}
