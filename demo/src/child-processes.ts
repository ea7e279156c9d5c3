/**
 * The processes of the demo: started one after the other, each waited for until it says it is ready, and stopped in the
 * opposite order. They are in process groups of their own, so that Ctrl-C in the terminal reaches only the one that
 * started them, and they can still finish what they are doing.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface ProcessOptions {
  readonly name: string;
  /** What is run; this Node. */
  readonly command?: string;
  /** Its arguments. For Node: a script, and what it takes. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Matches the line by which the process says that it is ready. */
  readonly ready: RegExp;
}

const STOP_TIMEOUT_MS = 15_000;

export class ChildProcesses {
  readonly #children: { readonly name: string; readonly process: ChildProcess }[] = [];
  readonly #onDeath: (message: string) => void;
  readonly #expectedToEnd = new WeakSet<ChildProcess>();
  #isStopping = false;

  /** `onDeath` is told which process ended without having been asked to, and how. */
  constructor(onDeath: (message: string) => void) {
    this.#onDeath = onDeath;
  }

  /** Starts a process; resolves with the match of its ready line. Everything else it prints is passed on. */
  async start({
    name,
    command = process.execPath,
    args,
    env = {},
    cwd,
    ready,
  }: ProcessOptions): Promise<RegExpExecArray> {
    if (this.#isStopping) throw new Error(`${name} is not started any more`);
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#children.push({ name, process: child });
    return new Promise((resolve, reject) => {
      let isReady = false;
      createInterface({ input: child.stdout ?? process.stdin }).on('line', (line) => {
        const match = isReady ? null : ready.exec(line);
        if (match === null) {
          console.log(`${name}: ${line}`);
        } else {
          isReady = true;
          resolve(match);
        }
      });
      createInterface({ input: child.stderr ?? process.stdin }).on('line', (line) => {
        console.error(`${name}: ${line}`);
      });
      child.once('error', (error) => reject(new Error(`${name} cannot be run`, { cause: error })));
      child.once('exit', (code, signal) => {
        const message = `${name} has ended (${signal ?? `exit code ${code}`})`;
        if (!isReady) reject(new Error(message));
        else if (!this.#expectedToEnd.has(child)) this.#onDeath(message);
      });
    });
  }

  /** Tells something to one of them that was started with Node. */
  send(name: string, message: object): void {
    this.#children.find((child) => child.name === name)?.process.send?.(message);
  }

  /** Stops one of them, if it runs. */
  async stopOne(name: string): Promise<void> {
    const at = this.#children.findIndex((child) => child.name === name);
    const [child] = at < 0 ? [] : this.#children.splice(at, 1);
    if (child === undefined) return;
    this.#expectedToEnd.add(child.process);
    await stopProcess(child.process);
  }

  /** Stops all, the last one first; each may finish what it is doing. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const child of this.#children) this.#expectedToEnd.add(child.process);
    for (const child of this.#children.splice(0).reverse()) await stopProcess(child.process);
  }
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

/** The arguments by which Node runs one of the programs beside this file from its source. */
export function programArguments(file: string): readonly string[] {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const path = fileURLToPath(new URL(file, import.meta.url));
  return ['--conditions=@clew/source', '--import', tsx, path];
}
