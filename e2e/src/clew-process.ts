import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { ROOT, SOURCE_ARGUMENTS } from './sources.ts';

export interface ClewOptions {
  /** A temporary one, removed at the end, when absent. */
  readonly dataDir?: string | undefined;
  /** Further flags of `clew serve`. Ports that are not given are free ones. */
  readonly flags?: readonly string[];
  /** The sources need no build; the built server is what users run and starts faster. */
  readonly from?: 'sources' | 'dist';
  /** Kills the server after this time, ready or not. */
  readonly killAfterMs?: number | undefined;
}

/** Where a running Clew listens. */
export interface ClewAddresses {
  /** With the base path, without a slash at the end. */
  readonly ui: string;
  readonly otlpGrpc: string;
  readonly otlpHttp: string;
  readonly jaegerGrpc: string;
  readonly jaegerHttp: string;
  readonly jaegerUdpCompact: string;
  readonly jaegerUdpBinary: string;
  readonly jaegerQueryGrpc: string;
  readonly zipkin: string;
  readonly tempo: string;
  readonly health: string;
  readonly metrics: string;
}

/** A server that ended before it was ready. */
export class StartFailure extends Error {
  readonly exitCode: number | null;
  readonly log: string;

  constructor(exitCode: number | null, log: string) {
    super(`clew ended with ${exitCode} before it was ready:\n${log}`);
    this.exitCode = exitCode;
    this.log = log;
  }
}

const START_TIMEOUT_MS = 60_000;
const PORTS = [
  'http',
  'otlp-grpc',
  'otlp-http',
  'jaeger-grpc',
  'jaeger-http',
  'jaeger-udp-compact',
  'jaeger-udp-binary',
  'jaeger-query-grpc',
  'zipkin',
  'tempo',
  'health',
  'metrics',
];

/** `clew serve` in a process of its own, as a user would run it. */
export class ClewProcess implements AsyncDisposable {
  readonly dataDir: string;
  readonly addresses: ClewAddresses;
  /** From starting the process to its ready line. */
  readonly readyMs: number;
  readonly #child: ServerChild;
  readonly #ownsDataDir: boolean;

  /** Resolves when the server is ready; rejects with `StartFailure` when it ends before. */
  static async start(options: ClewOptions = {}): Promise<ClewProcess> {
    const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'clew-'));
    const startMs = performance.now();
    const child = new ServerChild(dataDir, options);
    try {
      const readyLine = await child.readyLine;
      return new ClewProcess(child, {
        dataDir,
        ownsDataDir: options.dataDir === undefined,
        addresses: parseReadyLine(readyLine),
        readyMs: performance.now() - startMs,
      });
    } catch (error) {
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
      throw error;
    }
  }

  private constructor(
    child: ServerChild,
    parts: Pick<ClewProcess, 'dataDir' | 'addresses' | 'readyMs'> & { ownsDataDir: boolean },
  ) {
    this.#child = child;
    this.dataDir = parts.dataDir;
    this.addresses = parts.addresses;
    this.readyMs = parts.readyMs;
    this.#ownsDataDir = parts.ownsDataDir;
  }

  get pid(): number {
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return this.#child.isRunning;
  }

  /** What the server has written to its log. */
  get log(): string {
    return this.#child.log;
  }

  /** Asks it to stop and waits; resolves with the exit code. */
  async stop(): Promise<number | null> {
    return await this.#child.end('SIGTERM');
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    await this.#child.end('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    if (this.#ownsDataDir) rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** The flags that give a server the ports of another one, for starting it again in its place. */
export function portFlagsOf(addresses: ClewAddresses): string[] {
  const portOf = (address: string): string => /:(\d+)(?:\/|$)/.exec(address)?.[1] ?? '0';
  return [
    `--http-port=${portOf(addresses.ui)}`,
    `--otlp-grpc-port=${portOf(addresses.otlpGrpc)}`,
    `--otlp-http-port=${portOf(addresses.otlpHttp)}`,
    `--jaeger-grpc-port=${portOf(addresses.jaegerGrpc)}`,
    `--jaeger-http-port=${portOf(addresses.jaegerHttp)}`,
    `--jaeger-udp-compact-port=${portOf(addresses.jaegerUdpCompact)}`,
    `--jaeger-udp-binary-port=${portOf(addresses.jaegerUdpBinary)}`,
    `--jaeger-query-grpc-port=${portOf(addresses.jaegerQueryGrpc)}`,
    `--zipkin-port=${portOf(addresses.zipkin)}`,
    `--tempo-port=${portOf(addresses.tempo)}`,
    `--health-port=${portOf(addresses.health)}`,
    `--metrics-port=${portOf(addresses.metrics)}`,
  ];
}

/** The operating system's side: the process, its output and its end. */
class ServerChild {
  readonly readyLine: Promise<string>;
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  readonly #exited: Promise<number | null>;
  #log = '';

  constructor(dataDir: string, { flags = [], from = 'sources', killAfterMs }: ClewOptions) {
    const [command, ...main] =
      from === 'sources'
        ? [process.execPath, ...SOURCE_ARGUMENTS, 'packages/server/src/main.ts']
        : ['packages/server/bin/clew.js'];
    // Of an option that is given twice, the last counts.
    const ports = PORTS.map((name) => `--${name}-port=0`);
    const serve = ['serve', `--data-dir=${dataDir}`, ...ports, ...flags];
    this.#process = spawn(command ?? '', [...main, ...serve], {
      cwd: ROOT,
      env: withoutOptions(process.env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process.stderr.on('data', (chunk: Buffer) => {
      this.#log += chunk.toString();
    });
    this.#exited = once(this.#process, 'close').then(() => this.#process.exitCode);
    // Whatever ends a test's process early must not leave a server behind.
    const killWithParent = (): void => void this.#process.kill('SIGKILL');
    process.once('exit', killWithParent);
    void this.#exited.then(() => process.removeListener('exit', killWithParent));
    if (killAfterMs !== undefined) setTimeout(() => this.#process.kill('SIGKILL'), killAfterMs);
    this.readyLine = this.#waitUntilReady();
  }

  get pid(): number {
    return this.#process.pid ?? -1;
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  get log(): string {
    return this.#log;
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    if (this.isRunning) this.#process.kill(signal);
    return await this.#exited;
  }

  async #waitUntilReady(): Promise<string> {
    const timeout = setTimeout(() => this.#process.kill('SIGKILL'), START_TIMEOUT_MS);
    const lines = once(createInterface(this.#process.stdout), 'line') as Promise<[string]>;
    const failure = this.#exited.then((code) => {
      throw new StartFailure(code, this.#log);
    });
    try {
      const [line] = await Promise.race([lines, failure]);
      return line;
    } finally {
      clearTimeout(timeout);
    }
  }
}

/** A developer's own settings must not decide what a test tests. */
function withoutOptions(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(CLEW|OTEL|VITEST|NODE_OPTIONS)/.test(name)),
  );
}

/** `clew ready: ui http://localhost:1 · otlp grpc 127.0.0.1:2 · …` */
function parseReadyLine(line: string): ClewAddresses {
  const listeners = new Map(
    line
      .replace(/^clew ready: /, '')
      .split(' · ')
      .map((part): [string, string] => {
        const at = part.lastIndexOf(' ');
        return [part.slice(0, at), part.slice(at + 1)];
      }),
  );
  const addressOf = (name: string): string => listeners.get(name) ?? '';
  return {
    ui: addressOf('ui'),
    otlpGrpc: addressOf('otlp grpc'),
    otlpHttp: addressOf('otlp http'),
    jaegerGrpc: addressOf('jaeger grpc'),
    jaegerHttp: addressOf('jaeger http'),
    jaegerUdpCompact: addressOf('jaeger compact udp'),
    jaegerUdpBinary: addressOf('jaeger binary udp'),
    jaegerQueryGrpc: addressOf('jaeger query grpc'),
    zipkin: addressOf('zipkin'),
    tempo: addressOf('tempo'),
    health: addressOf('health'),
    metrics: addressOf('metrics'),
  };
}
