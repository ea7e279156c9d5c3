/**
 * Kills a server again and again while it is under load, and looks in the end whether it kept its word: whatever it
 * acknowledged is there, once, and what is derived from it agrees.
 *
 * The sender lives through the crashes. It never repeats a request that was not acknowledged, because such a request may
 * have been stored: its spans may be there or not, but never twice. Every second server is killed soon after it began,
 * when it replays what the one before had left.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkStore } from '../../../bench/src/load/checked-store.ts';
import type { CheckedStore } from '../../../bench/src/load/checked-store.ts';
import { SenderProcess } from '../../../bench/src/load/sender-process.ts';
import type { SenderReport } from '../../../bench/src/load/sender-process.ts';
import { readMetric } from '../../../bench/src/metrics.ts';
import { ClewProcess, StartFailure, portFlagsOf } from '../clew-process.ts';
import type { ClewOptions } from '../clew-process.ts';

export interface CrashOptions {
  readonly kills: number;
  /** The longest a server lives before it is killed. */
  readonly maxLifeMs: number;
  /** How long every tenth server lives, at least and at most: into its first pass over service edges. */
  readonly longLifeMs?: readonly [number, number] | undefined;
  readonly spansPerRequest: number;
  /** Spans a second; as many as are taken when absent. */
  readonly rate?: number | undefined;
  /** How long the last server goes on when all spans are in the engine: edges are computed of minutes that have ended. */
  readonly lingerMs: number;
  readonly from: 'sources' | 'dist';
  readonly onProgress: (message: string) => void;
}

export interface CrashResult {
  readonly report: SenderReport;
  readonly checked: CheckedStore;
  /** Servers that were killed before they were ready. */
  readonly killedWhileStarting: number;
  /** The longest a server took to be ready with what was left to replay. */
  readonly slowestReadyMs: number;
  readonly exitCode: number | null;
}

const DRAIN_TIMEOUT_MS = 120_000;
/** A server that replays is killed within this time of its start. */
const REPLAY_LIFE_MS = 1500;

export async function runCrashes(options: CrashOptions): Promise<CrashResult> {
  const dataDir = mkdtempSync(join(tmpdir(), 'clew-crash-'));
  try {
    return await new CrashRun(dataDir, options).run();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

class CrashRun {
  readonly #dataDir: string;
  readonly #options: CrashOptions;
  readonly #seed = Date.now() >>> 0;
  #killedWhileStarting = 0;
  #slowestReadyMs = 0;

  constructor(dataDir: string, options: CrashOptions) {
    this.#dataDir = dataDir;
    this.#options = options;
  }

  async run(): Promise<CrashResult> {
    const { spansPerRequest, rate } = this.#options;
    const first = await this.#start([]);
    const ports = portFlagsOf(first.addresses);
    const connections = (['http', 'grpc', 'http', 'grpc'] as const).map((protocol) => {
      const { otlpHttp, otlpGrpc } = first.addresses;
      const address = protocol === 'http' ? otlpHttp : otlpGrpc;
      return { protocol, port: Number(address.split(':').at(-1)) };
    });
    using sender = new SenderProcess({ connections, spansPerRequest, seed: this.#seed, rate });
    await sender.prepared;
    sender.start();
    await this.#killRepeatedly(first, ports, sender);

    await using last = await this.#start(ports);
    // The last server is under load for a while too.
    await sleep(this.#options.maxLifeMs);
    const report = await sender.stop();
    await waitUntilDrained(last);
    await sleep(this.#options.lingerMs);
    const exitCode = await last.stop();
    const checked = await checkStore({
      dataDir: this.#dataDir,
      runOfRequests: { seed: this.#seed, spansPerRequest },
      requests: report.requests,
      acknowledged: report.acknowledged,
      withRollups: true,
      mergeFully: false,
    });
    return {
      report,
      checked,
      killedWhileStarting: this.#killedWhileStarting,
      slowestReadyMs: this.#slowestReadyMs,
      exitCode,
    };
  }

  async #killRepeatedly(first: ClewProcess, ports: string[], sender: SenderProcess): Promise<void> {
    const { kills, maxLifeMs, longLifeMs, onProgress } = this.#options;
    let clew: ClewProcess | undefined = first;
    for (let kill = 1; kill <= kills; kill++) {
      if (clew === undefined) {
        clew = await this.#startToBeKilled(ports);
        if (clew === undefined) {
          onProgress(`kill ${kill}: while starting`);
          continue;
        }
      }
      const [shortest, longest] = (kill % 10 === 0 && longLifeMs) || [0, maxLifeMs];
      const lifeMs = shortest + (longest - shortest) * Math.random();
      await sleep(lifeMs);
      await clew.kill();
      onProgress(
        `kill ${kill}: ${lifeMs.toFixed(0)} ms after it was ready, ` +
          `${sender.acknowledgedSpans} spans acknowledged`,
      );
      clew = undefined;
    }
  }

  /** `undefined` when the server was killed before it was ready. */
  async #startToBeKilled(ports: readonly string[]): Promise<ClewProcess | undefined> {
    if (Math.random() < 0.5) return await this.#start(ports);
    try {
      const killAfterMs = REPLAY_LIFE_MS * Math.random();
      return await this.#start(ports, { killAfterMs });
    } catch (error) {
      if (!(error instanceof StartFailure) || error.exitCode !== null) throw error;
      this.#killedWhileStarting++;
      return undefined;
    }
  }

  async #start(ports: readonly string[], options: ClewOptions = {}): Promise<ClewProcess> {
    const { from } = this.#options;
    const flags = ['--log-level=warn', ...ports];
    const clew = await ClewProcess.start({ ...options, dataDir: this.#dataDir, flags, from });
    this.#slowestReadyMs = Math.max(this.#slowestReadyMs, clew.readyMs);
    return clew;
  }
}

async function waitUntilDrained({ addresses }: ClewProcess): Promise<void> {
  const deadlineMs = performance.now() + DRAIN_TIMEOUT_MS;
  while ((await readMetric(addresses.metrics, 'clew_store_backlog_segments')) > 0) {
    if (performance.now() > deadlineMs) throw new Error('segments still wait for the engine');
    await sleep(50);
  }
}
