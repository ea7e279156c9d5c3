/**
 * The sender's process: realistic OTLP over several connections, each with one request in flight, until it is told to
 * stop. A request that is refused or not answered is never sent again, because whether it was stored is not known.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Acknowledgements } from './acknowledgements.ts';
import { connect } from './connection.ts';
import type { ConnectionOptions } from './connection.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { createTemplates } from './request-template.ts';
import type { RequestTemplate } from './request-template.ts';
import type { FromSender, SenderOptions, ToSender } from './sender-process.ts';

/** All templates together have about this many spans, so that small requests are as unlike each other as large ones. */
const SPANS_OF_TEMPLATES = 20_000;
const MIN_TEMPLATE_PAIRS = 2;
const PAUSE_AFTER_FAILURE_MS = 20;
const PROGRESS_MS = 100;
/** With `rate`, a connection that fell behind catches up this much and no more. */
const CATCH_UP_MS = 1000;

class Sender {
  readonly #options: SenderOptions;
  readonly #acknowledgements = new Acknowledgements();
  readonly #latencies = new LatencyHistogram();
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
      this.#options.connections.map((connection) => this.#send(connection, templates)),
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
    const body = new RequestBody();
    // With a rate, connections take turns and do not all send at once.
    const offset = connections.indexOf(options) / connections.length;
    let dueMs = performance.now() + offset * intervalMs;
    let pair = 0;
    for (let turn = 0; !this.#stopped; turn++) {
      if (dueMs > performance.now()) await sleep(dueMs - performance.now());
      if (this.#stopped) break;
      const half = turn % 2;
      if (half === 0) pair = this.#nextPair++;
      const request = 2 * pair + half;
      const template = templates[request % templates.length];
      if (template === undefined) throw new Error('there are no templates');
      template.stamp({ seed, request, nowUnixMs: Date.now() });
      // Templates are shared, and a request in flight must stay as it is.
      const bytes = body.copyOf(template.bytes);
      const startMs = performance.now();
      const outcome = await connection.send(bytes);
      if (outcome.type === 'acknowledged') {
        this.#latencies.add(performance.now() - startMs);
        this.#acknowledgements.add(request);
        this.#bytes += bytes.length;
      } else {
        const reason = `${outcome.type}: ${outcome.reason}`;
        this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
        await sleep(PAUSE_AFTER_FAILURE_MS);
      }
      dueMs = Math.max(dueMs + intervalMs, performance.now() - CATCH_UP_MS);
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
      latencies: this.#latencies.toCounts(),
      failures: [...this.#reasons],
    });
  }
}

/** The bytes of the request that a connection has in flight. */
class RequestBody {
  #buffer = new Uint8Array(0);

  copyOf(bytes: Uint8Array): Uint8Array {
    if (this.#buffer.length < bytes.length) this.#buffer = new Uint8Array(2 * bytes.length);
    this.#buffer.set(bytes);
    return this.#buffer.subarray(0, bytes.length);
  }
}

function countPairs(spansPerRequest: number): number {
  return Math.max(MIN_TEMPLATE_PAIRS, Math.ceil(SPANS_OF_TEMPLATES / (2 * spansPerRequest)));
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
        const { spansPerRequest, connections } = options;
        templates = createTemplates(
          countPairs(spansPerRequest),
          spansPerRequest,
          connections[0]?.protocol,
        );
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
