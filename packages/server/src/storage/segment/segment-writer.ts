import { AppendFile } from './append-file.ts';
import type { SyncMode } from './append-file.ts';
import { SEGMENT_PARTS, segmentPath } from './segment-name.ts';
import type { SegmentPart } from './segment-name.ts';

/** One request's spans, encoded, and the resources and scopes that have to be on disk before them. */
export interface EncodedBlock {
  readonly spanCount: number;
  readonly parts: Readonly<Partial<Record<SegmentPart, Uint8Array>>>;
}

/** A file that has to be cut before it is read. */
export interface TornFile {
  readonly path: string;
  /** What of it was acknowledged. */
  readonly byteLength: number;
}

/** The files of a segment that is being written. */
export class SegmentWriter {
  readonly stem: string;
  readonly #directory: string;
  readonly #mode: SyncMode;
  readonly #files = new Map<SegmentPart, AppendFile>();

  constructor(directory: string, stem: string, mode: SyncMode) {
    this.#directory = directory;
    this.#mode = mode;
    this.stem = stem;
  }

  /** Bytes that were confirmed. */
  get byteLength(): number {
    let sum = 0;
    for (const file of this.#files.values()) sum += file.length;
    return sum;
  }

  /** Files at whose end a failed write left what nobody was promised. */
  get tornFiles(): readonly TornFile[] {
    return [...this.#files.values()]
      .filter((file) => file.isTorn)
      .map(({ path, length }) => ({ path, byteLength: length }));
  }

  /** Resolves when all blocks are written, as durably as the mode says; when it rejects, none of their spans are. */
  async append(blocks: readonly EncodedBlock[]): Promise<void> {
    for (const part of SEGMENT_PARTS) {
      const buffers: Uint8Array[] = [];
      for (const block of blocks) {
        const bytes = block.parts[part];
        if (bytes !== undefined) buffers.push(bytes);
      }
      if (buffers.length > 0) await (await this.#file(part)).append(buffers);
    }
  }

  /** Brings to the disk what the mode has left for later. */
  async sync(): Promise<void> {
    for (const part of SEGMENT_PARTS) await this.#files.get(part)?.sync();
  }

  async close(): Promise<void> {
    for (const file of this.#files.values()) await file.close();
  }

  async #file(part: SegmentPart): Promise<AppendFile> {
    const existing = this.#files.get(part);
    if (existing !== undefined) return existing;
    const file = await AppendFile.create(segmentPath(this.#directory, this.stem, part), this.#mode);
    this.#files.set(part, file);
    return file;
  }
}
