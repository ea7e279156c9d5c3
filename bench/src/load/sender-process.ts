import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ROOT, SOURCE_ARGUMENTS } from '../../../e2e/src/sources.ts';
import type { ConnectionOptions } from './connection.ts';
import type { LatencyCounts } from './latency-histogram.ts';

export interface SenderOptions {
  /** All of one format: OTLP may go over HTTP and gRPC at once. */
  readonly connections: readonly ConnectionOptions[];
  readonly spansPerRequest: number;
  /** Makes the ids of this run unlike those of any other. */
  readonly seed: number;
  /** Spans a second over all connections; as many as are acknowledged when absent. */
  readonly rate?: number | undefined;
}

/** What a run came to. */
export interface SenderReport {
  readonly type: 'report';
  /** Numbers of requests are below this. */
  readonly requests: number;
  /** `Acknowledgements` as text. */
  readonly acknowledged: string;
  readonly acknowledgedSpans: number;
  /** Of the acknowledged requests' bodies. */
  readonly bytes: number;
  /** How long each acknowledgement took. */
  readonly latencies: LatencyCounts;
  /** What sending took of the machine, not counting the preparation. */
  readonly cpuMs: number;
  /** Why requests were not acknowledged, and how often. */
  readonly failures: readonly (readonly [string, number])[];
}

export type ToSender =
  | { readonly type: 'prepare'; readonly options: SenderOptions }
  | { readonly type: 'start' }
  | { readonly type: 'stop' };

export type FromSender =
  | { readonly type: 'prepared' }
  | { readonly type: 'progress'; readonly acknowledgedSpans: number }
  | SenderReport;

/** The sender in a process of its own, so that its work is not mistaken for the server's. */
export class SenderProcess implements Disposable {
  readonly #child: ChildProcess;
  /** Resolves when the requests are prepared, so that `start` starts at once. */
  readonly prepared: Promise<null>;
  readonly #report: Promise<SenderReport>;
  #acknowledgedSpans = 0;

  /** Begins to prepare its requests, which takes a second or two. */
  constructor(options: SenderOptions) {
    this.#child = fork(fileURLToPath(new URL('sender.ts', import.meta.url)), {
      cwd: ROOT,
      execArgv: [...SOURCE_ARGUMENTS],
    });
    this.prepared = this.#receive((message) => (message.type === 'prepared' ? null : undefined));
    this.#report = this.#receive((message) => (message.type === 'report' ? message : undefined));
    // Whoever waits is told of a failure; nobody has to wait for both.
    this.prepared.catch(() => undefined);
    this.#report.catch(() => undefined);
    this.#child.on('message', (message: FromSender) => {
      if (message.type === 'progress') this.#acknowledgedSpans = message.acknowledgedSpans;
    });
    this.#tell({ type: 'prepare', options });
  }

  /** As of a tenth of a second ago. */
  get acknowledgedSpans(): number {
    return this.#acknowledgedSpans;
  }

  /** Begins to send; call it when it is prepared. */
  start(): void {
    this.#tell({ type: 'start' });
  }

  /** Lets it finish what is in flight; it ends then. */
  stop(): Promise<SenderReport> {
    this.#tell({ type: 'stop' });
    return this.#report;
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL');
  }

  #tell(message: ToSender): void {
    if (this.#child.connected) this.#child.send(message);
  }

  #receive<Value>(read: (message: FromSender) => Value | undefined): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#child.on('message', (message: FromSender) => {
        const value = read(message);
        if (value !== undefined) resolve(value);
      });
      this.#child.on('exit', (code, signal) => {
        reject(new Error(`the sender ended early with ${code ?? signal}`));
      });
    });
  }
}
