import { recoverSegmentFile } from './recover-file.ts';
import type { RecoveredFile } from './recover-file.ts';
import { SEGMENT_PARTS, checksumSeed, segmentPath } from './segment-name.ts';

export interface RecoveredSegment {
  readonly spanCount: number;
  readonly byteLength: number;
  /** Bytes of the files that no whole block accounts for. */
  readonly lostBytes: number;
  /** Where damaged files were set aside. */
  readonly quarantined: readonly string[];
}

/** Recovers all files of a segment. */
export async function recoverSegment(
  directory: string,
  stem: string,
  quarantineDirectory: string,
): Promise<RecoveredSegment> {
  const options = { seed: checksumSeed(stem), quarantineDirectory };
  let spanCount = 0;
  let byteLength = 0;
  let lostBytes = 0;
  const quarantined: string[] = [];
  for (const part of SEGMENT_PARTS) {
    const recovered = await recoverIfThere(segmentPath(directory, stem, part), options);
    if (recovered === undefined) continue;
    if (part === 'spans') spanCount = recovered.rowCount;
    byteLength += recovered.byteLength;
    lostBytes += recovered.lostBytes;
    if (recovered.quarantined !== undefined) quarantined.push(recovered.quarantined);
  }
  return { spanCount, byteLength, lostBytes, quarantined };
}

async function recoverIfThere(
  path: string,
  options: { readonly seed: number; readonly quarantineDirectory: string },
): Promise<RecoveredFile | undefined> {
  try {
    return await recoverSegmentFile(path, options);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw cause;
  }
}
