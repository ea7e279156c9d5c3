import { readFile } from 'node:fs/promises';

const TABLES = ['/proc/net/udp', '/proc/net/udp6'];

/**
 * How many datagrams to a local port the system had no room for, since its socket was bound (proc(5)); undefined where the
 * system does not say, which is everywhere but on Linux.
 */
export async function readSystemDrops(port: number): Promise<number | undefined> {
  const tables = await Promise.all(TABLES.map((path) => readFile(path, 'utf8').catch(() => '')));
  return parseSystemDrops(tables.join('\n'), port);
}

/** The port is in hexadecimal behind the local address, the second word of a line; the drops are its last. */
export function parseSystemDrops(tables: string, port: number): number | undefined {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const counts = tables
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local]) => local?.endsWith(suffix))
    .map((words) => Number(words.at(-1)));
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count);
}
