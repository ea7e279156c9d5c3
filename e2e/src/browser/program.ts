import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT, SOURCE_ARGUMENTS } from '../sources.ts';

/** A server in a process of its own, run from this repository's sources. */
export interface Program {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a program that says in one line when it is ready, and where: `… ready at http://…`. On a free port. */
export async function startProgram(
  file: string,
  environment: Readonly<Record<string, string>>,
): Promise<Program> {
  const child = spawn(process.execPath, [...SOURCE_ARGUMENTS, file], {
    cwd: ROOT,
    env: { ...process.env, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit').then(() => {
    throw new Error(`${file} ended before it was ready`);
  });
  exited.catch(() => undefined);
  for (;;) {
    const lines = once(createInterface(child.stdout), 'line') as Promise<[string]>;
    const [line] = await Promise.race([lines, exited]);
    const url = / ready at (\S+)$/.exec(line)?.[1];
    if (url !== undefined) return { url, stop: () => end(child) };
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const killed = sleep(5000, undefined, { ref: false }).then(() => child.kill('SIGKILL'));
  await Promise.race([once(child, 'exit'), killed]);
}
