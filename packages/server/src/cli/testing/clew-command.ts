import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export interface Finished {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));

/** `clew` with its arguments, run from its sources in a process of its own. */
export class ClewCommand {
  /** What Node is given before the command's own arguments. */
  static readonly ARGUMENTS: readonly string[] = [
    '--conditions=@clew/source',
    '--import',
    'tsx',
    MAIN,
  ];
  readonly finished: Promise<Finished>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  #stdout = '';
  #stderr = '';

  constructor(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(process.execPath, [...ClewCommand.ARGUMENTS, ...args], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout.on('data', (chunk: Buffer) => (this.#stdout += chunk.toString()));
    this.#child.stderr.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()));
    this.finished = new Promise((resolve) => {
      this.#child.once('close', (exitCode, signal) => {
        resolve({ exitCode, signal, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
  }

  /** The ready line; rejects when the process ends without one. */
  async ready(): Promise<string> {
    const ended = this.finished.then(({ stderr }) => {
      throw new Error(`clew ended before it was ready:\n${stderr}`);
    });
    const line = new Promise<string>((resolve) => {
      const look = (): void => {
        const at = this.#stdout.indexOf('\n');
        if (at >= 0) resolve(this.#stdout.slice(0, at));
      };
      look();
      this.#child.stdout.on('data', look);
    });
    return Promise.race([line, ended]);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

/** The addresses of a ready line by their names. */
export function parseReadyLine(line: string): Readonly<Record<string, string>> {
  const [, listeners = ''] = /^clew ready: (.+)$/.exec(line) ?? [];
  return Object.fromEntries(
    listeners.split(' · ').map((part): [string, string] => {
      const at = part.lastIndexOf(' ');
      return [part.slice(0, at), part.slice(at + 1)];
    }),
  );
}
