import { readFileSync } from 'node:fs';

/** What the system says of a process, from Linux' `/proc`. */
export interface ProcessUsage {
  /** User and system time of all its threads. */
  readonly cpuMs: number;
  readonly residentBytes: number;
  readonly peakResidentBytes: number;
}

/** A clock tick of `/proc/PID/stat`: the kernel reports times in hundredths of a second to every architecture. */
const TICK_MS = 10;

export function readProcessUsage(pid: number): ProcessUsage {
  // The second field is the command in parentheses, and may itself contain anything.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
    residentBytes: readKilobytes(status, 'VmRSS'),
    peakResidentBytes: readKilobytes(status, 'VmHWM'),
  };
}

function readKilobytes(status: string, name: string): number {
  return 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN);
}
