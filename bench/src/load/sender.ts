/**
 * The sender's process: realistic OTLP over several connections, each with one request in flight, until it is told to
 * stop. A request that is refused or not answered is never sent again, because whether it was stored is not known.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Acknowledgements } from './acknowledgements.ts';
import { connect } from './connection.ts';
import type { ConnectionOptions } from './connection.ts';
import { createTemplates } from './request-template.ts';
import type { RequestTemplate } from './request-template.ts';
import type { FromSender, SenderOptions, ToSender } from './sender-process.ts';

/** A pair of templates that share their traces. */
const TEMPLATES_PER_CONNECTION = 2;
const PAUSE_AFTER_FAILURE_MS = 20;
const PROGRESS_MS = 100;
/** With `rate`, a connection that fell behind catches up this much and no more. */
const CATCH_UP_MS = 1000;

class Sender {
  readonly #options: SenderOptions;
  readonly #acknowledgements = new Acknowledgements();
  readonly #latenciesMs: number[] = [];
  readonly #reasons = new Map<string, number>();
  #nextPair = 0;
  #bytes = 0;
  #startUsage: NodeJS.CpuUsage | undefined;
  #stopped = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Resolves after `stop`, when nothing is in flight any more. */
  async run(templates: readonly RequestTemplate[]): Promise<void> {
    this.#startUsage = process.cpuUsage();
    const progress = setInterval(() => this.#tellProgress(), PROGRESS_MS);
    await Promise.all(
      this.#options.connections.map((connection, index) => {
        const from = TEMPLATES_PER_CONNECTION * index;
        return this.#send(connection, templates.slice(from, from + TEMPLATES_PER_CONNECTION));
      }),
    );
    clearInterval(progress);
    this.#tellReport();
  }

  stop(): void {
    this.#stopped = true;
  }

  async #send(options: ConnectionOptions, templates: readonly RequestTemplate[]): Promise<void> {
    const { seed, rate, connections, spansPerRequest } = this.#options;
    const intervalMs =
      rate === undefined ? 0 : (1000 * spansPerRequest * connections.length) / rate;
    const connection = connect(options);
    let dueMs = performance.now();
    let pair = 0;
    for (let turn = 0; !this.#stopped; turn++) {
      const half = turn % templates.length;
      const template = templates[half];
      if (template === undefined) throw new Error('a connection has no templates');
      if (half === 0) pair = this.#nextPair++;
      const request = 2 * pair + half;
      template.stamp({ seed, request, nowUnixMs: Date.now() });
      const startMs = performance.now();
      const outcome = await connection.send(template.bytes);
      if (outcome.type === 'acknowledged') {
        this.#latenciesMs.push(performance.now() - startMs);
        this.#acknowledgements.add(request);
        this.#bytes += template.bytes.length;
      } else {
        const reason = `${outcome.type}: ${outcome.reason}`;
        this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
        await sleep(PAUSE_AFTER_FAILURE_MS);
      }
      dueMs = Math.max(dueMs + intervalMs, performance.now() - CATCH_UP_MS);
      if (dueMs > performance.now()) await sleep(dueMs - performance.now());
    }
    connection.close();
  }

  #tellProgress(): void {
    const acknowledgedSpans = this.#acknowledgements.count * this.#options.spansPerRequest;
    tell({ type: 'progress', acknowledgedSpans });
  }

  #tellReport(): void {
    const { user, system } = process.cpuUsage(this.#startUsage);
    tell({
      type: 'report',
      requests: 2 * this.#nextPair,
      acknowledged: this.#acknowledgements.toText(),
      acknowledgedSpans: this.#acknowledgements.count * this.#options.spansPerRequest,
      bytes: this.#bytes,
      cpuMs: (user + system) / 1000,
      latenciesMs: this.#latenciesMs,
      failures: [...this.#reasons],
    });
  }
}

function tell(message: FromSender): void {
  process.send?.(message);
}

function main(): void {
  process.on('disconnect', () => process.exit());
  let sender: Sender | undefined;
  let templates: readonly RequestTemplate[] = [];
  process.on('message', (message: ToSender) => {
    switch (message.type) {
      case 'prepare': {
        const { options } = message;
        templates = createTemplates(options.connections.length, options.spansPerRequest);
        sender = new Sender(options);
        tell({ type: 'prepared' });
        return;
      }
      case 'start': {
        void sender?.run(templates).then(() => process.disconnect());
        return;
      }
      case 'stop':
        sender?.stop();
    }
  });
}

main();
