/**
 * Where a server's CPU time goes, by stage. The engine names its threads after what they do, and takes them from a pool:
 * one thread is called differently from one moment to the next, and some end. So all are looked at ten times a second,
 * and what a thread has used since the last look counts for the name it had. What no look saw, because the thread had
 * ended, is the difference to what the system says of the whole process.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { readProcessUsage } from './process-usage.ts';

/** What a server spends its time on. */
export const STAGES = [
  /** Node's main thread: HTTP and gRPC, decoding, encoding, and whatever else is JavaScript. */
  'event loop',
  /** Node's other threads: writing and syncing segments, waiting for the engine, compiling, collecting garbage. */
  'libuv and V8',
  /** The engine's inserts, their views included, and its questions. */
  'pipelines',
  'merges',
  /** The engine's timers and watchers. */
  'engine, other',
  /** Threads that ended between two looks. */
  'unseen',
] as const;
export type Stage = (typeof STAGES)[number];

/** CPU time since the process began. */
export interface StageUsage {
  readonly cpuMs: Readonly<Record<Stage, number>>;
  /** The same by the names of threads, for those who know the engine. */
  readonly cpuMsByThreadName: Readonly<Record<string, number>>;
}

/** Resident memory at a moment of a run. */
export interface MemorySample {
  readonly atMs: number;
  readonly residentBytes: number;
}

const SAMPLE_MS = 100;
const TICK_MS = 10;
const PAGE_BYTES = 4096;
/** What a thread of the engine's pool is called while it has nothing to do. */
const IDLE_NAME = 'ThreadPool';
/**
 * What threads are called, first match first. An insert is one thread, `QueryCompPipeEx` while it parses, sorts and
 * writes the spans, and `RuntimeData` from where its views' aggregates are put out and written.
 */
const STAGE_OF_NAME: readonly (readonly [RegExp, Stage])[] = [
  [/^main$/, 'event loop'],
  [/^(node|libuv|V8|DelayedTask)/, 'libuv and V8'],
  [
    /^(Query|RuntimeData|Aggreg|MergeTree|ReadPool|Prefetch|ThreadPool|Local|Native|Format)/,
    'pipelines',
  ],
  [/^(MergeMutate|Merge|Mutate)/, 'merges'],
];

/** Watches a process from now on until it is disposed of. */
export class UsageSampler implements Disposable {
  readonly memory: MemorySample[] = [];
  readonly #pid: number;
  readonly #threads = new Map<string, SeenThread>();
  readonly #cpuMsByName = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS);
    this.#sample();
  }

  /** As of now. */
  read(): StageUsage {
    this.#sample();
    const cpuMs = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>;
    let seenMs = 0;
    for (const [name, ms] of this.#cpuMsByName) {
      cpuMs[stageOf(name)] += ms;
      seenMs += ms;
    }
    cpuMs.unseen = Math.max(readProcessUsage(this.#pid).cpuMs - seenMs, 0);
    const byName = [...this.#cpuMsByName].sort(([, a], [, b]) => b - a);
    return { cpuMs, cpuMsByThreadName: Object.fromEntries(byName) };
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    for (const id of readThreadIds(this.#pid)) {
      const thread = readThread(this.#pid, id);
      if (thread === undefined) continue;
      const name = id === String(this.#pid) ? MAIN_THREAD : thread.name;
      const before = this.#threads.get(id);
      const cpuMs = thread.cpuMs - (before?.cpuMs ?? 0);
      // A thread that is idle now has worked under the name it had before.
      const worked = name === IDLE_NAME && before !== undefined ? before.name : name;
      if (cpuMs > 0) this.#cpuMsByName.set(worked, (this.#cpuMsByName.get(worked) ?? 0) + cpuMs);
      this.#threads.set(id, { name, cpuMs: thread.cpuMs });
    }
    const residentBytes = readResidentBytes(this.#pid);
    if (residentBytes !== undefined) this.memory.push({ atMs: performance.now(), residentBytes });
  }
}

interface SeenThread {
  readonly name: string;
  readonly cpuMs: number;
}

const MAIN_THREAD = 'main';

function stageOf(threadName: string): Stage {
  const found = STAGE_OF_NAME.find(([pattern]) => pattern.test(threadName));
  return found === undefined ? 'engine, other' : found[1];
}

function readThreadIds(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return []; // The process has ended.
  }
}

function readThread(pid: number, id: string): SeenThread | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/task/${id}/stat`, 'latin1');
    const nameEnd = stat.lastIndexOf(')');
    const fields = stat.slice(nameEnd + 2).split(' ', 13);
    return {
      name: stat.slice(stat.indexOf('(') + 1, nameEnd),
      cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
    };
  } catch {
    return undefined; // The thread has ended.
  }
}

function readResidentBytes(pid: number): number | undefined {
  try {
    return PAGE_BYTES * Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ', 2)[1]);
  } catch {
    return undefined; // The process has ended.
  }
}
