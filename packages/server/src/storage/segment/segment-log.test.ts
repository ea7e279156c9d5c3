import { mkdir, readFile, rm } from 'node:fs/promises';
import { StorageError } from '@clew/model';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeDirectory, removeDirectory } from '../testing/directories.ts';
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
      isEngineBusy: () => isEngineBusy,
      onClosed: (segment) => closed.push(segment),
      onFailed: () => undefined,
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
});
