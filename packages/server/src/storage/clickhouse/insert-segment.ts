import { stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NativeWriter } from '../native/native-writer.ts';
import {
  ATTRIBUTE_KEY_STRUCTURE,
  ATTRIBUTE_SET_STRUCTURE,
  RESOURCE_STRUCTURE,
  SCOPE_STRUCTURE,
  SPAN_STRUCTURE,
} from '../native/structures.ts';
import type { Structure } from '../native/structures.ts';
import type { RollupTable, SegmentRollup } from '../rollup/segment-rollup.ts';
import { diskError } from '../segment/disk.ts';
import { SEGMENT_PARTS, segmentPath } from '../segment/segment-name.ts';
import type { SegmentPart } from '../segment/segment-name.ts';
import type { Engine } from './engine/engine.ts';
import { ROLLUPS, recomputeRollup } from './recompute-rollup.ts';

export interface SegmentInsert {
  readonly stem: string;
  /** Of the segment's spans; without it, they are read once more for it. */
  readonly rollup: SegmentRollup | undefined;
  /** Where the segment is. */
  readonly directory: string;
  /** Where the rows of rollups are written for the engine to read. */
  readonly rollupDirectory: string;
}

const STRUCTURES: Readonly<Record<SegmentPart | RollupTable, Structure>> = {
  resources: RESOURCE_STRUCTURE,
  scopes: SCOPE_STRUCTURE,
  attribute_sets: ATTRIBUTE_SET_STRUCTURE,
  spans: SPAN_STRUCTURE,
  traces: ROLLUPS.traces.structure,
  red_1m: ROLLUPS.red_1m.structure,
  attribute_values: ROLLUPS.attribute_values.structure,
  attribute_keys_1m: ATTRIBUTE_KEY_STRUCTURE,
};

/** The tables that an insert writes to: the table, and those of its views. */
function affectedBy(table: SegmentPart | RollupTable): readonly string[] {
  return table === 'red_1m' ? [table, 'operations'] : [table];
}

/**
 * Inserts a segment: what its spans refer to and their traces' summaries, then themselves, so that whoever finds a span
 * finds those. The counts come last, because a count promises that its spans are there (see `edges/`). The segment's stem is
 * the token, so doing it again, in this process or a later one, changes nothing.
 */
export async function insertSegment(engine: Engine, segment: SegmentInsert): Promise<void> {
  const { directory, stem } = segment;
  for (const part of SEGMENT_PARTS) {
    const path = segmentPath(directory, stem, part);
    if ((await sizeOf(path)) === 0) continue;
    if (part !== 'spans') await insertFile(engine, part, { path, token: stem });
    else {
      await insertRollup(engine, segment, 'traces', path);
      await insertRollup(engine, segment, 'attribute_values', path);
      await insertFile(engine, part, { path, token: stem });
      await insertRollup(engine, segment, 'attribute_keys_1m', path);
      await insertRollup(engine, segment, 'red_1m', path);
    }
  }
}

/** Bytes of a file; 0 when there is none. What cannot be looked at must not pass for what is not there. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return 0;
    throw diskError('read', path, cause);
  }
}

async function insertRollup(
  engine: Engine,
  { stem, rollup, rollupDirectory }: SegmentInsert,
  table: RollupTable,
  spansPath: string,
): Promise<void> {
  if (rollup === undefined) {
    if (table === 'attribute_keys_1m') return;
    const affectedTables = affectedBy(table);
    await recomputeRollup(engine, { table, spansPath, token: stem, affectedTables });
    return;
  }
  const blocks = rollup.encode(new NativeWriter(), table);
  if (blocks.length === 0) return;
  const path = join(rollupDirectory, `${stem}.${table}.native`);
  await writeFile(path, blocks).catch((cause: unknown) => {
    throw diskError('write', path, cause);
  });
  await insertFile(engine, table, { path, token: stem });
  await unlink(path);
}

function insertFile(
  engine: Engine,
  table: SegmentPart | RollupTable,
  file: { readonly path: string; readonly token: string },
): Promise<void> {
  const structure = STRUCTURES[table];
  return engine.insertFile({ ...file, table, structure, affectedTables: affectedBy(table) });
}
