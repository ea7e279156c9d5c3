import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Without the sources' condition: applications run what was built. */
export function forkScript(
  name: string,
  args: readonly string[],
  flags: readonly string[],
): ChildProcess {
  const path = fileURLToPath(new URL(name, import.meta.url));
  return fork(path, args, { execArgv: ['--import', 'tsx', ...flags] });
}
