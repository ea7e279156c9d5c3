/**
 * Watches how much room the file system of the data directory has, so that spans are refused while there is still
 * enough left to insert and merge what was accepted: an engine that runs out of it in the middle of a merge can neither
 * store nor tidy up.
 *
 * The system is asked every second, and sooner when much was written since: a segment is on the disk twice until it is
 * deleted. What is refused is taken again when there is a little more room than the limit, so that a store at the limit
 * does not flicker.
 */
import { statfs } from 'node:fs/promises';
import { OverloadedError } from '@clew/model';
import type { Logger } from '../telemetry/log.ts';

export interface DiskSpaceOptions {
  readonly directory: string;
  /** Free bytes below which nothing more is accepted; 0 for no limit. */
  readonly minFreeBytes: number;
  readonly log: Logger;
}

const CHECK_INTERVAL_MS = 1000;
const RETRY_MS = 5000;
/** How much more than the limit has to be free again, as a part of it and at most. */
const MARGIN = { part: 0.05, maxBytes: 128 * 1024 * 1024 };
/** The part of the limit that may be written before the system is asked again. */
const UNCHECKED_PART = 1 / 16;

export class DiskSpace {
  readonly #options: DiskSpaceOptions;
  #timer: NodeJS.Timeout | undefined;
  #checking: Promise<void> | undefined;
  #writtenBytes = 0;
  #isLow = false;
  #isFailing = false;
  /** As far as is known; `undefined` when the system does not say. */
  freeBytes: number | undefined;

  private constructor(options: DiskSpaceOptions) {
    this.#options = options;
  }

  /** Looks once, and again and again until `stop`. */
  static async watch(options: DiskSpaceOptions): Promise<DiskSpace> {
    const space = new DiskSpace(options);
    await space.check();
    space.#timer = setInterval(() => void space.check(), CHECK_INTERVAL_MS);
    space.#timer.unref();
    return space;
  }

  /** Throws `OverloadedError` when there is not enough room to accept spans. */
  refuseWhenLow(): void {
    if (!this.#isLow) return;
    throw new OverloadedError(
      `the disk has ${this.freeBytes ?? 0} bytes free, fewer than the ${this.#options.minFreeBytes} that are kept for what was accepted`,
      { retryAfterMs: RETRY_MS },
    );
  }

  /** Takes note of bytes that were accepted. */
  noteWritten(byteLength: number): void {
    this.#writtenBytes += byteLength;
    if (this.#writtenBytes > this.#options.minFreeBytes * UNCHECKED_PART) void this.check();
  }

  /** Asks the system now. */
  check(): Promise<void> {
    this.#checking ??= this.#check().finally(() => (this.#checking = undefined));
    return this.#checking;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#checking;
  }

  async #check(): Promise<void> {
    const { directory, log } = this.#options;
    this.#writtenBytes = 0;
    try {
      const { bavail, bsize } = await statfs(directory);
      this.freeBytes = bavail * bsize;
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) {
        log.warn('cannot tell how much room the disk has', { directory, error: String(error) });
      }
      this.#isFailing = true;
      return;
    }
    this.#judge(this.freeBytes);
  }

  #judge(freeBytes: number): void {
    const { minFreeBytes, log } = this.#options;
    const margin = Math.min(minFreeBytes * MARGIN.part, MARGIN.maxBytes);
    const wasLow = this.#isLow;
    this.#isLow = freeBytes < minFreeBytes + (wasLow ? margin : 0);
    if (this.#isLow === wasLow) return;
    if (this.#isLow) {
      log.error('spans are refused because the disk is nearly full', { freeBytes, minFreeBytes });
    } else {
      log.warn('spans are accepted again because the disk has room', { freeBytes, minFreeBytes });
    }
  }
}
