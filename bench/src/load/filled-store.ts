import { fork } from 'node:child_process';
import type { Serializable } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT, SOURCE_ARGUMENTS } from '../../../e2e/src/sources.ts';
import type { Fill } from './fill.ts';

/** The file beside a store's own that says what was put in. */
const FILL_FILE = 'bench-fill.json';

/** Puts `fill` into the store in `dataDir`, as if over the time its spans are of, and notes in the directory what it holds. */
export async function fillStore(dataDir: string, fill: Fill): Promise<void> {
  await run(new URL('fill-store.ts', import.meta.url), { dataDir, fill });
  await run(new URL('age-store.ts', import.meta.url), dataDir);
  writeFileSync(join(dataDir, FILL_FILE), JSON.stringify(fill));
}

/** In a process of its own, which gives the engine's directory back. */
async function run(file: URL, message: Serializable): Promise<void> {
  const child = fork(fileURLToPath(file), {
    cwd: ROOT,
    execArgv: [...SOURCE_ARGUMENTS],
  });
  child.send(message);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${file.href} ended with ${code}`);
}

export function isFilled(dataDir: string): boolean {
  return existsSync(join(dataDir, FILL_FILE));
}

/** What `fillStore` has put into the store in `dataDir`. */
export function readFill(dataDir: string): Fill {
  return JSON.parse(readFileSync(join(dataDir, FILL_FILE), 'utf8')) as Fill;
}
