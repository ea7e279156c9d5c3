import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * When process `pid` started, in words of the system that differ for every process that ever has this number;
 * `undefined` when there is no such process.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  return process.platform === 'linux' ? readProcessStat(pid) : askPs(pid);
}

/**
 * The boot, and field 22 of `/proc/<pid>/stat`: clock ticks from the boot to the start of the process. Field 3 is `Z`
 * for one that has ended and whose parent has not asked how.
 */
async function readProcessStat(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // Field 2 is the program's name in brackets and may contain anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return `${boot.trim()} ${fields[19] ?? ''}`;
}

async function askPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return stdout.trim();
  } catch {
    return undefined; // `ps` fails when there is no such process.
  }
}
