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
  const parts = (await list(directory)).map(parsePart).filter((part) => part !== undefined);
  for (const name of await list(join(directory, LOGS))) {
    const path = join(directory, LOGS, name);
    const lines = (await readFile(path, 'utf8')).split('\n');
    const kept = lines.filter((line) => !isLost(line, parts));
    if (kept.length === lines.length) continue;
    await writeFile(`${path}.new`, kept.join('\n'));
    await rename(`${path}.new`, path);
  }
}

interface PartBlocks {
  readonly partition: string;
  readonly first: number;
  readonly last: number;
}

function isLost(line: string, parts: readonly PartBlocks[]): boolean {
  const [operation, name] = line.split('\t');
  const part = operation === ADDED && name !== undefined ? parsePart(name) : undefined;
  if (part === undefined) return false;
  return !parts.some(
    ({ partition, first, last }) =>
      partition === part.partition && first <= part.first && last >= part.last,
  );
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
