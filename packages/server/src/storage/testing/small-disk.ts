import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A file system in memory, mounted where only the process and its children see it. */
const MOUNT_AND_RUN = 'mount -t tmpfs -o "size=$1" tmpfs "$0" && shift && exec "$@"';

/** Why a small file system cannot be mounted here; `undefined` when it can. */
export function whyNoSmallDisk(): string | undefined {
  try {
    execFileSync('unshare', ['-rm', 'sh', '-c', MOUNT_AND_RUN, '/mnt', '1m', 'true'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return undefined;
  } catch (error) {
    // Not Linux, or a container that does not allow it.
    return `a file system cannot be mounted: ${String(error).split('\n').join(' ')}`;
  }
}

/** Runs a script with `directory` as its argument, on a file system of `sizeMib` there; gives its output as JSON. */
export async function runOnSmallDisk(
  script: URL,
  { directory, sizeMib }: { readonly directory: string; readonly sizeMib: number },
): Promise<Record<string, unknown>> {
  const path = fileURLToPath(script);
  const node = [process.execPath, '--conditions=@clew/source', '--import', 'tsx', path];
  const mount = ['-rm', 'sh', '-c', MOUNT_AND_RUN, directory, `${sizeMib}m`];
  const { stdout } = await promisify(execFile)('unshare', [...mount, ...node, directory]);
  return JSON.parse(stdout) as Record<string, unknown>;
}
