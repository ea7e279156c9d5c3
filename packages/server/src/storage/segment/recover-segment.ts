import type { BlockFingerprint } from '../native/block-fingerprint.ts';
import { recoverSegmentFile } from './recover-file.ts';
import type { RecoveredFile, RecoveryOptions } from './recover-file.ts';
import type { Quarantine } from './quarantine.ts';
import { SEGMENT_PARTS, checksumSeed, segmentPath } from './segment-name.ts';

export interface RecoveredSegment {
  readonly spanCount: number;
  readonly byteLength: number;
  /** Bytes of the files that no whole block accounts for. */
  readonly lostBytes: number;
  /** Of the blocks of spans. */
  readonly fingerprints: readonly BlockFingerprint[];
}

/**
 * Recovers all files of a segment; one that cannot be read is set aside as a whole. Throws when the disk refuses what has
 * to be done; then everything that was acknowledged is still there.
 */
export async function recoverSegment(
  directory: string,
  stem: string,
  quarantine: Quarantine,
): Promise<RecoveredSegment> {
  const options = { seed: checksumSeed(stem), quarantine };
  let spanCount = 0;
  let fingerprints: readonly BlockFingerprint[] = [];
  let byteLength = 0;
  let lostBytes = 0;
  for (const part of SEGMENT_PARTS) {
    const recovered = await recoverIfThere(segmentPath(directory, stem, part), options);
    if (recovered === undefined) continue;
    if (part === 'spans') {
      spanCount = recovered.rowCount;
      fingerprints = recovered.fingerprints;
    }
    byteLength += recovered.byteLength;
    lostBytes += recovered.lostBytes;
  }
  return { spanCount, byteLength, lostBytes, fingerprints };
}

async function recoverIfThere(
  path: string,
  options: RecoveryOptions,
): Promise<RecoveredFile | undefined> {
  try {
    return await recoverSegmentFile(path, options);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code === 'ENOENT') return undefined;
    if (!UNREADABLE.has(code)) throw cause;
    await options.quarantine.take(path, `it cannot be read: ${String(cause)}`);
    return undefined;
  }
}

/** Failures to read that no waiting helps. */
const UNREADABLE: ReadonlySet<string> = new Set([
  'EACCES',
  'EIO',
  'EISDIR',
  'ELOOP',
  'ENXIO',
  'EPERM',
  'ERR_FS_FILE_TOO_LARGE',
  'EUCLEAN',
]);
