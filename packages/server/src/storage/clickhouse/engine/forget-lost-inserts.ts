/**
 * The engine notes an insert's token before the insert's part is in its table. Killed in between, it remembers an insert
 * that left nothing, and a replay with the same token would be taken for done: rows that were acknowledged would be lost. So
 * after a crash, before the engine starts, tokens whose parts are nowhere are taken out of its logs.
 *
 * A log has a line a token: 1 when it was added or 2 when its part was dropped, the part's name, and the token. A part's
 * name is its partition, its first and last block number and its level; a merged part covers those it was made of.
 */
import { readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from '../../segment/disk.ts';

const LOGS = 'deduplication_logs';
const ADDED = '1';

/** `engineDirectory` is that of an engine that does not run. */
export async function forgetLostInserts(engineDirectory: string): Promise<void> {
  const store = join(engineDirectory, 'store');
  for (const prefix of await list(store)) {
    for (const table of await list(join(store, prefix))) {
      await repairTable(join(store, prefix, table));
    }
  }
}

async function repairTable(directory: string): Promise<void> {
  const logs = join(directory, LOGS);
  const names = await list(logs);
  if (names.length === 0) return;
  const parts = await findParts(directory);
  for (const name of names) {
    const path = join(logs, name);
    const lines = (await readFile(path, 'utf8')).split('\n');
    const kept = lines.filter((line) => !isLost(line, parts));
    if (kept.length === lines.length) continue;
    // Not beside the old one: the engine takes whatever is there for a log.
    const temporary = join(directory, `${name}.new`);
    await writeFile(temporary, kept.join('\n'), { flush: true });
    await rename(temporary, path);
    await syncDirectory(logs);
  }
}

/** The parts in a table's directory, by partition. */
async function findParts(directory: string): Promise<ReadonlyMap<string, readonly PartBlocks[]>> {
  const parts = new Map<string, PartBlocks[]>();
  for (const name of await list(directory)) {
    const part = parsePart(name);
    if (part === undefined) continue;
    const ofPartition = parts.get(part.partition);
    if (ofPartition === undefined) parts.set(part.partition, [part]);
    else ofPartition.push(part);
  }
  return parts;
}

interface PartBlocks {
  readonly partition: string;
  readonly first: number;
  readonly last: number;
}

function isLost(line: string, parts: ReadonlyMap<string, readonly PartBlocks[]>): boolean {
  const [operation, name] = line.split('\t');
  const part = operation === ADDED && name !== undefined ? parsePart(name) : undefined;
  if (part === undefined) return false;
  const ofPartition = parts.get(part.partition) ?? [];
  return !ofPartition.some(({ first, last }) => first <= part.first && last >= part.last);
}

/** `undefined` for what is no part. Partitions have no underscore in their names. */
function parsePart(name: string): PartBlocks | undefined {
  const match = /^(?<partition>[^_]+)_(?<first>\d+)_(?<last>\d+)_\d+(?:_\d+)?$/.exec(name);
  if (match?.groups === undefined) return undefined;
  const { partition = '', first, last } = match.groups;
  return { partition, first: Number(first), last: Number(last) };
}

/** Nothing where there is no such directory. */
async function list(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (cause) {
    if (
      cause instanceof Error &&
      'code' in cause &&
      ['ENOENT', 'ENOTDIR'].includes(String(cause.code))
    )
      return [];
    throw cause;
  }
}
