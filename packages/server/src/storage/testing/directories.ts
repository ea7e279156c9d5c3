import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new empty directory; the test removes it. */
export function makeDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'clew-store-'));
}

export async function removeDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}
