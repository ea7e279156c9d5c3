/**
 * The directory that a store owns:
 *
 *     <dataDir>/lock          who uses it: process number, and when that process started
 *     <dataDir>/engine/       the database engine's own
 *     <dataDir>/engine.xml    its configuration, written at every start
 *     <dataDir>/segments/     acknowledged spans on their way into the engine
 *     <dataDir>/rollups/      what is computed of segments, while it is inserted; emptied at every start
 *     <dataDir>/quarantine/   segments that were damaged, as they were found
 */
import { randomUUID } from 'node:crypto';
import {
  access,
  constants,
  link,
  mkdir,
  readFile,
  rm,
  stat,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ConfigError, StorageError } from '@clew/model';
import { processStart } from './process-start.ts';
import { diskError } from './segment/disk.ts';

export interface DataDirectory {
  readonly path: string;
  readonly engine: string;
  readonly engineConfig: string;
  readonly segments: string;
  readonly rollups: string;
  readonly quarantine: string;
  /** Gives the directory free for the next process. */
  release(): Promise<void>;
}

const OPTION = 'data-dir';

/** Creates the directory where it is missing and takes its lock. */
export async function openDataDirectory(dataDir: string): Promise<DataDirectory> {
  const path = resolve(dataDir);
  // The engine's `file()` reads these as patterns or as an archive's member.
  if (/[*?{}]|::/.test(path)) {
    throw new ConfigError(`data directory ${path} contains one of * ? { } ::`, {
      key: OPTION,
      value: path,
    });
  }
  const directory = {
    path,
    engine: join(path, 'engine'),
    engineConfig: join(path, 'engine.xml'),
    segments: join(path, 'segments'),
    rollups: join(path, 'rollups'),
    quarantine: join(path, 'quarantine'),
  };
  await createDirectory(path);
  const lock = join(path, 'lock');
  await takeLock(lock, path);
  try {
    await rm(directory.rollups, { recursive: true, force: true });
    const { engine, segments, rollups, quarantine } = directory;
    for (const each of [engine, segments, rollups, quarantine]) {
      await createDirectory(each);
    }
  } catch (cause) {
    await unlink(lock);
    throw cause;
  }
  return { ...directory, release: () => unlink(lock).catch(ignoreMissing) };
}

async function createDirectory(path: string): Promise<void> {
  try {
    await makeDirectory(path);
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    const isFile = code === 'EEXIST' || code === 'ENOTDIR';
    if (isFile || REFUSALS.has(String(code))) {
      const reason = isFile ? await describeFile(path) : 'it cannot be created or written';
      throw new ConfigError(`data directory ${path}: ${reason}`, {
        key: OPTION,
        value: path,
        cause,
      });
    }
    throw diskError('create', path, cause);
  }
}

/** What the system says of a place where nothing can be created. */
const REFUSALS: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOENT']);

/** Level by level: Node's own `recursive` never ends where a parent exists and refuses children, as in `/proc`. */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (cause) {
    if (isExisting(cause) && (await stat(path)).isDirectory()) return;
    const parent = dirname(path);
    const isParentMissing =
      cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' && parent !== path;
    if (!isParentMissing || (await isThere(parent))) throw cause;
    await makeDirectory(parent);
    await mkdir(path);
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function describeFile(path: string): Promise<string> {
  const isFile = await stat(path).then(
    (found) => !found.isDirectory(),
    () => false,
  );
  return isFile ? 'it is a file, not a directory' : 'a part of the path is a file';
}

/**
 * The lock is created under a name of its own and then linked to `lock`, which fails when there is one: so a lock is
 * never seen half written. A lock whose process is gone is taken away and the attempt repeated. Should two processes
 * do that in the same instant, the engine's own lock on its directory refuses the second.
 */
async function takeLock(lock: string, directory: string): Promise<void> {
  const mine = `${lock}.${randomUUID()}`;
  try {
    const owner = JSON.stringify(await describeOwner(process.pid));
    await writeFile(mine, owner).catch((cause: unknown) => {
      throw diskError('write', mine, cause);
    });
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        await link(mine, lock);
        return;
      } catch (cause) {
        if (!isExisting(cause)) throw diskError('create', lock, cause);
      }
      const owner = parseOwner(await readFile(lock, 'utf8').catch(() => ''));
      if (owner !== undefined && (await isRunning(owner))) throw inUse(directory, owner);
      await unlink(lock).catch(ignoreMissing);
    }
    throw new StorageError(`data directory ${directory}: its lock file keeps changing`, {
      code: 'failed_precondition',
    });
  } finally {
    await unlink(mine).catch(ignoreMissing);
  }
}

interface LockOwner {
  readonly pid: number;
  /** What tells this process from another one that had or will have the same number. */
  readonly start: string;
}

async function describeOwner(pid: number): Promise<LockOwner> {
  return { pid, start: (await processStart(pid)) ?? '' };
}

function parseOwner(text: string): LockOwner | undefined {
  try {
    const { pid, start } = JSON.parse(text) as Partial<LockOwner>;
    return typeof pid === 'number' && typeof start === 'string' ? { pid, start } : undefined;
  } catch {
    return undefined; // Not a lock that we wrote: nobody holds it.
  }
}

async function isRunning(owner: LockOwner): Promise<boolean> {
  return (await processStart(owner.pid)) === owner.start;
}

function inUse(directory: string, owner: LockOwner): StorageError {
  const who = owner.pid === process.pid ? 'this process already' : `process ${owner.pid}`;
  return new StorageError(`data directory ${directory} is in use by ${who}`, {
    code: 'failed_precondition',
  });
}

function isExisting(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
}

function ignoreMissing(cause: NodeJS.ErrnoException): void {
  if (cause.code !== 'ENOENT') throw cause;
}
