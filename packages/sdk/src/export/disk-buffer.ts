import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BUFFER_HEADER_BYTES,
  decodeBufferFile,
  encodeBufferFile,
  formatBufferName,
  isOwnerGone,
  ownerOfThisProcess,
  parseBufferName,
} from './buffer-file.ts';
import type { BufferName } from './buffer-file.ts';
import { describeError } from './describe-error.ts';
import type { ExportRequest } from './export-request.ts';

export interface DiskBufferOptions {
  /** Made when it is not there. Several processes may share it. */
  readonly directory: string;
  /** Of the files of this process. When a new one would be too much the oldest go. */
  readonly maxBytes: number;
}

/** A request on the disk that belongs to this process. */
export interface BufferedRequest {
  readonly name: BufferName;
  readonly spanCount: number;
  readonly sizeBytes: number;
}

export interface ClaimedRequest {
  readonly file: BufferedRequest;
  readonly body: Uint8Array;
}

export interface DiskBufferEvents {
  /** Spans of processes that are gone are now among ours. */
  readonly onAdopt: (spanCount: number) => void;
  /** Spans are lost although they were on the disk. */
  readonly onLoss: (spanCount: number, message: string) => void;
}

/**
 * Requests that wait on the disk, a file each, in a directory that processes may share. A file appears whole, by renaming,
 * and is not synced: it survives the end of the process, not always that of the machine. To send it, a process renames it
 * first, so that no two send the same one. Those of processes that are gone are adopted.
 */
export class DiskBuffer {
  readonly #directory: string;
  readonly #maxBytes: number;
  readonly #events: DiskBufferEvents;
  readonly #owner = ownerOfThisProcess();
  /** Oldest first. */
  #files: BufferedRequest[] = [];
  #sizeBytes = 0;
  #sequence = 0;
  #claimed: BufferedRequest | undefined;

  constructor({ directory, maxBytes }: DiskBufferOptions, events: DiskBufferEvents) {
    this.#directory = directory;
    this.#maxBytes = maxBytes;
    this.#events = events;
  }

  get fileCount(): number {
    return this.#files.length;
  }

  /** Takes over what processes that are gone have left. Rejects when there is no such directory to be had. */
  async adopt(): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    for (const text of (await readdir(this.#directory)).sort()) {
      const name = parseBufferName(text);
      if (name === undefined || name.owner.run === this.#owner.run) continue;
      await this.#adoptFile(text, name);
    }
    await this.#makeRoom();
  }

  /** Writes a request. Answers with whether it could; the reason is told in `onError`. */
  async save(request: ExportRequest, onError: (message: string) => void): Promise<boolean> {
    const file = this.#createFile(request);
    if (!this.#canHold(file, onError)) return false;
    const temporary = this.#path({ ...file.name, state: 'temporary' });
    try {
      await writeFile(temporary, encodeBufferFile(request.body));
      await rename(temporary, this.#path(file.name));
    } catch (cause) {
      await rm(temporary, { force: true }).catch(() => undefined);
      onError(describeDiskError(cause));
      return false;
    }
    this.#add(file);
    await this.#makeRoom();
    return true;
  }

  /** The same at once: for the end of the process. */
  saveSync(request: ExportRequest, onError: (message: string) => void): boolean {
    const file = this.#createFile(request);
    if (!this.#canHold(file, onError)) return false;
    const temporary = this.#path({ ...file.name, state: 'temporary' });
    try {
      mkdirSync(this.#directory, { recursive: true });
      writeFileSync(temporary, encodeBufferFile(request.body));
      renameSync(temporary, this.#path(file.name));
      this.#add(file);
      for (const oldest of this.#overflow()) {
        rmSync(this.#path(oldest.name), { force: true });
        this.#lose(oldest);
      }
      return true;
    } catch (cause) {
      onError(describeDiskError(cause));
      return false;
    }
  }

  /**
   * The oldest request, for this process alone to send, until `remove` or `release`; another than `skipped` where there is
   * one. Damaged files are lost, those that another process has taken are forgotten. `undefined` when there are no more;
   * rejects when the disk may answer later.
   */
  async claim(skipped?: BufferedRequest): Promise<ClaimedRequest | undefined> {
    for (;;) {
      const file = this.#files.find((candidate) => candidate !== skipped) ?? this.#files[0];
      if (file === undefined) return undefined;
      this.#claimed = file;
      const body = await this.#read(file).catch((cause: unknown) => {
        this.#claimed = undefined;
        throw cause;
      });
      if (body instanceof Uint8Array) return { file, body };
      this.#forget(file);
      if (body === 'damaged') {
        await rm(this.#path({ ...file.name, state: 'sending' }), { force: true }).catch(() => 0);
        this.#events.onLoss(
          file.spanCount,
          `a file in ${this.#directory} is damaged and was left out`,
        );
      }
    }
  }

  /** Of a claimed request that is not needed any more. */
  async remove(file: BufferedRequest): Promise<void> {
    await rm(this.#path({ ...file.name, state: 'sending' }), { force: true }).catch(
      () => undefined,
    );
    this.#forget(file);
  }

  /** Of a claimed request that waits again. */
  async release(file: BufferedRequest): Promise<void> {
    const sending = this.#path({ ...file.name, state: 'sending' });
    await rename(sending, this.#path(file.name)).catch(() => undefined);
    this.#claimed = undefined;
  }

  /** Deletes a request for good. Nothing happens when another process has taken it. */
  async lose(file: BufferedRequest, message: string): Promise<void> {
    if (!this.#files.includes(file)) return;
    this.#forget(file);
    if (await removeIfThere(this.#path(file.name))) this.#events.onLoss(file.spanCount, message);
  }

  async #adoptFile(text: string, name: BufferName): Promise<void> {
    const path = join(this.#directory, text);
    try {
      const { mtimeMs, size: sizeBytes } = await stat(path);
      if (!isOwnerGone(name.owner, mtimeMs, this.#owner)) return;
      // Nobody knows whether a temporary file is whole, and who wrote it has not counted on it.
      if (name.state === 'temporary') return await rm(path, { force: true });
      const sequence = this.#sequence++;
      const own: BufferName = { ...name, sequence, owner: this.#owner, state: 'waiting' };
      await rename(path, this.#path(own));
      this.#add({ name: own, spanCount: name.spanCount, sizeBytes });
      this.#events.onAdopt(name.spanCount);
    } catch {
      // Another process was faster.
    }
  }

  /** `taken`: by another process. Rejects when it may go well later. */
  async #read({ name }: BufferedRequest): Promise<Uint8Array | 'taken' | 'damaged'> {
    const sending = this.#path({ ...name, state: 'sending' });
    try {
      await rename(this.#path(name), sending);
    } catch (cause) {
      if (codeOf(cause) === 'ENOENT') return 'taken';
      throw cause;
    }
    const now = new Date();
    // So that it does not look abandoned to processes of other hosts.
    await utimes(sending, now, now).catch(() => undefined);
    try {
      return decodeBufferFile(await readFile(sending)) ?? 'damaged';
    } catch (cause) {
      if (!TRANSIENT_CODES.has(codeOf(cause))) return 'damaged';
      await rename(sending, this.#path(name)).catch(() => undefined);
      throw cause;
    }
  }

  #createFile({ spanCount, body }: ExportRequest): BufferedRequest {
    const sequence = this.#sequence++;
    const name = { unixMs: Date.now(), sequence, spanCount, owner: this.#owner } as const;
    return {
      name: { ...name, state: 'waiting' },
      spanCount,
      sizeBytes: body.length + BUFFER_HEADER_BYTES,
    };
  }

  #canHold({ sizeBytes }: BufferedRequest, onError: (message: string) => void): boolean {
    if (sizeBytes <= this.#maxBytes) return true;
    onError(`a request of ${sizeBytes} bytes is more than the disk buffer may hold`);
    return false;
  }

  #add(file: BufferedRequest): void {
    this.#files.push(file);
    this.#sizeBytes += file.sizeBytes;
    // What was adopted is older than what is there.
    const last = this.#files.at(-2);
    if (last !== undefined && last.name.unixMs > file.name.unixMs) this.#files.sort(byAge);
  }

  #forget(file: BufferedRequest): void {
    if (this.#claimed === file) this.#claimed = undefined;
    const index = this.#files.indexOf(file);
    if (index === -1) return;
    this.#files.splice(index, 1);
    this.#sizeBytes -= file.sizeBytes;
  }

  async #makeRoom(): Promise<void> {
    for (const oldest of this.#overflow()) {
      if (await removeIfThere(this.#path(oldest.name))) this.#lose(oldest);
    }
  }

  /** Forgets the oldest that are too much, and answers with them. The one that is being sent and the newest stay. */
  #overflow(): BufferedRequest[] {
    const removed: BufferedRequest[] = [];
    const newest = this.#files.at(-1);
    while (this.#sizeBytes > this.#maxBytes) {
      const oldest = this.#files.find((file) => file !== this.#claimed && file !== newest);
      if (oldest === undefined) break;
      this.#forget(oldest);
      removed.push(oldest);
    }
    return removed;
  }

  #lose({ spanCount }: BufferedRequest): void {
    const message = `${this.#directory} holds ${this.#maxBytes} bytes of spans, dropping the oldest`;
    this.#events.onLoss(spanCount, message);
  }

  #path(name: BufferName): string {
    return join(this.#directory, formatBufferName(name));
  }
}

/** What went wrong, without the name of the file, which is another one each time. */
export function describeDiskError(cause: unknown): string {
  return describeError(cause).replace(/, \w+ '.*/s, '');
}

/** There are too many open files. */
const TRANSIENT_CODES: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE']);

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

function byAge(a: BufferedRequest, b: BufferedRequest): number {
  return a.name.unixMs - b.name.unixMs || a.name.sequence - b.name.sequence;
}

/** Whether this removed it; another process may have taken it. */
async function removeIfThere(path: string): Promise<boolean> {
  try {
    await rm(path);
    return true;
  } catch {
    return false;
  }
}
