import { DecodeError, LimitError } from '@clew/model';
import { TraceRequestPacker } from '@clew/protocol';
import type { PackLimits, PackedTraces, TraceFileFormat } from '@clew/protocol';
import { ChunkReader } from './chunk-reader.ts';
import { readRequests } from './read-requests.ts';
import type { FilePart } from './read-requests.ts';
import type { TraceFile } from './trace-file.ts';
import type { TraceUploader } from './trace-uploader.ts';

/** How a file went. */
export interface FileReport {
  readonly name: string;
  readonly importedSpans: number;
  readonly refusedSpans: number;
  /** Why spans were refused: distinct, the first few. */
  readonly reasons: readonly string[];
  /** What could not be read, the first few; empty when all could. */
  readonly problems: readonly string[];
  readonly problemCount: number;
}

export interface ImportFileOptions {
  /** Told by the content when not given. */
  readonly format?: TraceFileFormat | undefined;
  /** For this file alone: its counts become the report's. */
  readonly uploader: TraceUploader;
  /** Told after each request that was sent. */
  readonly onProgress?: (() => void) | undefined;
}

/** Large enough that a request's own costs vanish, and well below what a server takes at most unless told otherwise. */
const PACK_LIMITS: PackLimits = { maxBytes: 4 * 1024 ** 2, maxSpans: 10_000 };

const MAX_PROBLEMS = 10;

/**
 * Sends the spans of a file. What cannot be read of it is reported, and the rest is sent. Throws `CommandError` when the
 * server takes no more; what it had taken until then is in the uploader's counts.
 */
export async function importFile(
  file: TraceFile,
  { format, uploader, onProgress }: ImportFileOptions,
): Promise<FileReport> {
  const packer = new TraceRequestPacker(PACK_LIMITS);
  const problems = new ProblemList();
  const send = async (packed: readonly PackedTraces[]): Promise<void> => {
    for (const each of packed) await uploader.send(each);
    onProgress?.();
  };
  const parts = readRequests(new ChunkReader(file.content), format);
  for (;;) {
    const part = await readNext(parts, problems);
    if (part === undefined) break;
    if (part.kind === 'broken') {
      problems.add(part.place, part.reason);
      continue;
    }
    if (part.rejected !== undefined) uploader.refuse(part.rejected.count, part.rejected.reasons);
    await send(pack(packer, part, problems));
  }
  const last = packer.flush();
  if (last !== undefined) await send([last]);
  await uploader.drain();
  onProgress?.();
  const { importedSpans, refusedSpans, reasons } = uploader.counts;
  return {
    name: file.name,
    importedSpans,
    refusedSpans,
    reasons: [...reasons],
    problems: problems.first,
    problemCount: problems.count,
  };
}

/** What a file's own fault ends is its reading, not the command. */
async function readNext(
  parts: AsyncGenerator<FilePart>,
  problems: ProblemList,
): Promise<FilePart | undefined> {
  try {
    const { value, done } = await parts.next();
    return done === true ? undefined : value;
  } catch (error) {
    problems.add('', describeReadError(error));
    return undefined;
  }
}

function pack(
  packer: TraceRequestPacker,
  { place, request }: FilePart & { kind: 'request' },
  problems: ProblemList,
): readonly PackedTraces[] {
  try {
    return packer.add(request);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    problems.add(place, error.message);
    return [];
  }
}

/** Broken bytes, the system's errors and zlib's are the file's fault; anything else is a bug. */
function describeReadError(error: unknown): string {
  const isExpected = error instanceof DecodeError || error instanceof LimitError;
  if (isExpected || (error instanceof Error && 'code' in error)) return error.message;
  throw error;
}

class ProblemList {
  readonly first: string[] = [];
  count = 0;

  add(place: string, reason: string): void {
    this.count++;
    if (this.first.length < MAX_PROBLEMS)
      this.first.push(place === '' ? reason : `${place}: ${reason}`);
  }
}
