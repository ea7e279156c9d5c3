import { constants, mkdir, open, readFile, readdir, readlink, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { OverloadedError, StorageError } from '@clew/model';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeDirectory, removeDirectory } from '../testing/directories.ts';
import { AttributeCatalogs, SegmentRollup } from '../rollup/segment-rollup.ts';
import { SegmentLog } from './segment-log.ts';
import type { ClosedSegment, SegmentLogOptions } from './segment-log.ts';
import { formatStem, segmentPath } from './segment-name.ts';
import type { EncodedBlock } from './segment-writer.ts';

const RUN = '0123456789abcdef';
const HOUR_MS = 3_600_000;

function block(text: string, spanCount = 1): EncodedBlock {
  return { spanCount, parts: { spans: Buffer.from(text) } };
}

describe('the write-ahead log', () => {
  let directory: string;
  let closed: ClosedSegment[];
  let isEngineBusy: boolean;

  beforeEach(async () => {
    directory = await makeDirectory();
    closed = [];
    isEngineBusy = false;
  });

  afterEach(() => removeDirectory(directory));

  function createLog(options: Partial<SegmentLogOptions> = {}): SegmentLog {
    return new SegmentLog({
      directory,
      firstSequence: 1,
      run: RUN,
      maxSpans: 1000,
      maxAgeMs: HOUR_MS,
      syncMode: 'always',
      syncIntervalMs: HOUR_MS,
      createRollup: () => new SegmentRollup(new AttributeCatalogs()),
      isEngineBusy: () => isEngineBusy,
      onClosed: (segment) => closed.push(segment),
      onFailed: () => undefined,
      onSyncFailed: () => undefined,
      ...options,
    });
  }

  function readSegment(sequence: number): Promise<string> {
    return readFile(segmentPath(directory, formatStem(sequence, RUN), 'spans'), 'utf8');
  }

  test('has a block on the disk when it says so', async () => {
    const log = createLog();
    await log.append(() => block('one'));
    expect(await readSegment(1)).toBe('one');
    await log.append(() => block(' two'));
    expect(await readSegment(1)).toBe('one two');
    await log.seal();
  });

  test('keeps the order of blocks that arrive together', async () => {
    const log = createLog();
    const texts = Array.from({ length: 3000 }, (_, i) => `${i} `);
    await Promise.all(texts.map((text) => log.append(() => block(text, 0))));
    await log.seal();
    expect(await readSegment(1)).toBe(texts.join(''));
  });

  test('ends a segment that is full', async () => {
    const log = createLog({ maxSpans: 10 });
    const writes = [4, 6, 3].map((count) => log.append(() => block(`${count}`, count)));
    await Promise.all(writes);
    await vi.waitFor(() => expect(closed).toHaveLength(1));
    expect(closed[0]).toMatchObject({ stem: formatStem(1, RUN), spanCount: 10, byteLength: 2 });
    expect(await readSegment(1)).toBe('46');
    expect(await readSegment(2)).toBe('3');
    await log.seal();
  });

  test('ends a segment that is old', async () => {
    const log = createLog({ maxAgeMs: 20 });
    await log.append(() => block('x'));
    await vi.waitFor(() => expect(closed).toHaveLength(1));
  });

  test('lets an old segment grow while the engine is busy', async () => {
    isEngineBusy = true;
    const log = createLog({ maxAgeMs: 5 });
    await log.append(() => block('x'));
    await new Promise((resolve) => setTimeout(resolve, 30));
    await log.append(() => block('y'));
    expect(closed).toEqual([]);
    log.sealIfDue();
    await vi.waitFor(() => expect(closed).toHaveLength(1));
    expect(await readSegment(1)).toBe('xy');
  });

  test('writes what spans refer to before them, and tells each segment what it holds', async () => {
    const log = createLog({ maxSpans: 2 });
    const held: string[][] = [];
    const append = (): Promise<void> =>
      log.append(({ identities }) => {
        held.push([...identities]);
        identities.add('a');
        return { spanCount: 1, parts: { resources: Buffer.from('r'), spans: Buffer.from('s') } };
      });
    await Promise.all([append(), append(), append()]);
    await log.seal();
    expect(held).toEqual([[], ['a'], []]);
    expect(closed.map((segment) => [...segment.identities])).toEqual([['a'], ['a']]);
    const path = segmentPath(directory, formatStem(1, RUN), 'resources');
    expect(await readFile(path, 'utf8')).toBe('rr');
  });

  test('writes anew what was claimed for a block that could not be encoded', async () => {
    const log = createLog();
    const held: string[][] = [];
    expect(() =>
      log.append(({ identities }) => {
        identities.add('a');
        throw new RangeError('no memory');
      }),
    ).toThrow('no memory');
    await log.append(({ identities }) => {
      held.push([...identities]);
      return block('kept');
    });
    expect(held).toEqual([[]]);
  });

  test('refuses what it cannot write, and goes on when it can again', async () => {
    const log = createLog();
    await log.append(() => block('kept'));
    await log.seal();
    await rm(directory, { recursive: true });
    const refused = [log.append(() => block('lost')), log.append(() => block('lost too'))];
    for (const result of await Promise.allSettled(refused)) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
      expect((result as PromiseRejectedResult).reason).toBeInstanceOf(StorageError);
    }
    await mkdir(directory);
    await log.append(() => block('new'));
    await log.seal();
    expect(closed.map((segment) => segment.spanCount)).toEqual([1, 0, 1]);
    expect(log.openBytes).toBe(0);
  });

  describe('syncing', () => {
    /** What all of Node's file handles have in common. */
    async function fileHandles(): Promise<Pick<FileHandle, 'datasync' | 'writev'>> {
      const handle = await open(directory, 'r');
      await handle.close();
      return Object.getPrototypeOf(handle) as FileHandle;
    }

    /** Every sync, or write, of a file's contents waits until it is let through; gives how many were begun. */
    async function hold(
      method: 'datasync' | 'writev',
    ): Promise<{ count: () => number; release: () => void }> {
      let release = (): void => undefined;
      const gate = new Promise<void>((resolve) => (release = resolve));
      const handles = await fileHandles();
      const original = handles[method] as (...args: unknown[]) => Promise<unknown>;
      const spy = vi.spyOn(handles, method).mockImplementation(async function (
        this: FileHandle,
        ...args: unknown[]
      ) {
        await gate;
        return original.apply(this, args);
      } as never);
      return { count: () => spy.mock.calls.length, release };
    }

    /** Whether the system writes what goes to the segment's file through to the disk (proc(5), open(2)). */
    async function isWrittenThrough(sequence: number): Promise<boolean> {
      const path = segmentPath(directory, formatStem(sequence, RUN), 'spans');
      for (const descriptor of await readdir('/proc/self/fd')) {
        const target = await readlink(`/proc/self/fd/${descriptor}`).catch(() => '');
        if (target !== path) continue;
        const info = await readFile(`/proc/self/fdinfo/${descriptor}`, 'utf8');
        const flags = Number.parseInt(/flags:\s+(\d+)/.exec(info)?.[1] ?? '0', 8);
        return (flags & constants.O_DSYNC) === constants.O_DSYNC;
      }
      throw new Error(`${path} is not open`);
    }

    afterEach(() => {
      vi.restoreAllMocks();
    });

    test('is a part of writing, before the acknowledgement, in the mode always', async () => {
      const writes = await hold('writev');
      const log = createLog({ syncMode: 'always' });
      let isAcknowledged = false;
      const appended = log.append(() => block('one')).then(() => (isAcknowledged = true));
      await vi.waitFor(() => expect(writes.count()).toBe(1));
      expect(isAcknowledged).toBe(false);
      if (process.platform === 'linux') expect(await isWrittenThrough(1)).toBe(true);
      writes.release();
      await appended;
      await log.seal();
    });

    test('follows within the interval, once for all that was written, in the mode interval', async () => {
      const syncs = await hold('datasync');
      const log = createLog({ syncMode: 'interval', syncIntervalMs: 100 });
      const start = performance.now();
      await log.append(() => block('one'));
      await log.append(() => block(' two'));
      expect(syncs.count()).toBe(0);
      expect(await readSegment(1)).toBe('one two');
      await vi.waitFor(() => expect(syncs.count()).toBe(1), { interval: 5 });
      expect(performance.now() - start).toBeLessThan(1000);
      await log.append(() => block(' three'));
      await vi.waitFor(() => expect(syncs.count()).toBe(2), { interval: 5 });
      syncs.release();
      await log.seal();
      expect(syncs.count()).toBe(2);
    });

    test('is done when a segment ends, in the mode interval', async () => {
      const syncs = await hold('datasync');
      syncs.release();
      const log = createLog({ syncMode: 'interval' });
      await log.append(() => block('one'));
      await log.seal();
      expect(syncs.count()).toBe(1);
    });

    test('that fails is reported and ends the segment, which then goes to the engine', async () => {
      const failures: unknown[] = [];
      const log = createLog({
        syncMode: 'interval',
        syncIntervalMs: 5,
        onSyncFailed: (error) => failures.push(error),
      });
      const cause = Object.assign(new Error('EIO'), { code: 'EIO' });
      vi.spyOn(await fileHandles(), 'datasync').mockRejectedValue(cause);
      await log.append(() => block('one'));
      await vi.waitFor(() => expect(closed).toHaveLength(1));
      expect(failures).toMatchObject([
        { message: expect.stringContaining('the disk reports an input/output error') },
      ]);
    });

    test('that is slow lets only so much wait, and then goes on', async () => {
      const syncs = await hold('writev');
      const log = createLog({ maxPendingBytes: 10 });
      const taken = [log.append(() => block('eight by')), log.append(() => block('tes each'))];
      expect(() => log.append(() => block('too much'))).toThrow(OverloadedError);
      await vi.waitFor(() => expect(syncs.count()).toBe(1));
      expect(() => log.append(() => block('still'))).toThrow(OverloadedError);
      syncs.release();
      await Promise.all(taken);
      await log.append(() => block(' again'));
      await log.seal();
      expect(await readSegment(1)).toBe('eight bytes each again');
    });

    test('is left to the system in the mode off', async () => {
      const syncs = await hold('datasync');
      const log = createLog({ syncMode: 'off', syncIntervalMs: 1 });
      await log.append(() => block('one'));
      if (process.platform === 'linux') expect(await isWrittenThrough(1)).toBe(false);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await log.seal();
      expect(syncs.count()).toBe(0);
      expect(closed).toHaveLength(1);
    });
  });
});
