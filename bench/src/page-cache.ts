/** The system's memory of files: what makes a question cold or warm. Linux only. */
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Leaves nothing of the directory's files in memory, as after a start of the machine. What is not synced stays. */
export async function forgetFiles(directory: string): Promise<void> {
  const drop = 'for file; do dd if="$file" iflag=nocache count=0 status=none; done';
  await run('find', [directory, '-type', 'f', '-exec', 'sh', '-c', drop, '_', '{}', '+']);
}

/** Brings all of the directory's files into memory, as long as they fit. */
export async function rememberFiles(directory: string): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    for await (const _ of createReadStream(join(entry.parentPath, entry.name)));
  }
}
