/**
 * What Clew tells Prometheus about itself. One object with a registry of its own, handed to whoever counts; nothing is
 * registered globally, so that two servers in one process do not add up.
 */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** How a request to a receiver ended. */
export type RequestOutcome =
  | 'ok'
  /** Some spans were refused, the others kept. */
  | 'partial'
  | 'invalid'
  | 'unsupported'
  | 'too_large'
  | 'forbidden'
  | 'overloaded'
  /** The sender went away before it was served. */
  | 'canceled'
  | 'failed';

/** Why spans were not kept. */
export type RefusalReason = 'invalid' | 'overloaded' | 'storage';

/** What the store reports when the metrics are read; see `StoreStats`. */
export interface StoreFigures {
  readonly acceptedSpans: number;
  readonly storedSpans: number;
  readonly repeatedSpans: number;
  readonly backlogSegments: number;
  readonly backlogBytes: number;
  readonly freeBytes: number | undefined;
  readonly engineReads: number;
  readonly engineReadSeconds: number;
  readonly quarantinedFiles: number;
}

/** Seconds. A trace by id takes milliseconds, a search over a large store up to its timeout of 30 s. */
const QUERY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export class ServerMetrics {
  readonly #registry = new Registry();
  readonly #receivedSpans: Counter<'receiver'>;
  readonly #refusedSpans: Counter<'receiver' | 'reason'>;
  readonly #storedSpans: Counter<'receiver'>;
  readonly #unkeptItems: Counter<'receiver' | 'signal'>;
  readonly #requests: Counter<'receiver' | 'outcome'>;
  readonly #queries: Histogram<'kind' | 'outcome'>;

  constructor(version: string) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    new Gauge({
      name: 'clew_build_info',
      help: 'Always 1; the version is the label.',
      labelNames: ['version'],
      registers,
    }).set({ version }, 1);
    this.#receivedSpans = new Counter({
      name: 'clew_receiver_received_spans_total',
      help: 'Spans in the requests that could be decoded, refused ones included.',
      labelNames: ['receiver'],
      registers,
    });
    this.#refusedSpans = new Counter({
      name: 'clew_receiver_refused_spans_total',
      help: 'Spans that were received and not kept, by reason.',
      labelNames: ['receiver', 'reason'],
      registers,
    });
    this.#storedSpans = new Counter({
      name: 'clew_receiver_stored_spans_total',
      help: 'Spans that were made durable and acknowledged.',
      labelNames: ['receiver'],
      registers,
    });
    this.#unkeptItems = new Counter({
      name: 'clew_receiver_unkept_items_total',
      help: 'Data points, log records and profiles that were received: Clew keeps traces only.',
      labelNames: ['receiver', 'signal'],
      registers,
    });
    this.#requests = new Counter({
      name: 'clew_receiver_requests_total',
      help: 'Requests to receivers and datagrams, by how they ended.',
      labelNames: ['receiver', 'outcome'],
      registers,
    });
    this.#queries = new Histogram({
      name: 'clew_query_duration_seconds',
      help: 'How long questions to the store took.',
      labelNames: ['kind', 'outcome'],
      buckets: QUERY_BUCKETS,
      registers,
    });
  }

  countReceived(receiver: string, spans: number): void {
    this.#receivedSpans.inc({ receiver }, spans);
  }

  countRefused(receiver: string, reason: RefusalReason, spans: number): void {
    if (spans > 0) this.#refusedSpans.inc({ receiver, reason }, spans);
  }

  countStored(receiver: string, spans: number): void {
    this.#storedSpans.inc({ receiver }, spans);
  }

  /** Items of a signal that is not kept. */
  countUnkept(receiver: string, signal: string, items: number): void {
    this.#unkeptItems.inc({ receiver, signal }, items);
  }

  countRequest(receiver: string, outcome: RequestOutcome, requests = 1): void {
    this.#requests.inc({ receiver, outcome }, requests);
  }

  observeQuery(kind: string, outcome: 'ok' | 'error' | 'canceled', seconds: number): void {
    this.#queries.observe({ kind, outcome }, seconds);
  }

  /** Adds the store's figures, read afresh whenever the metrics are. */
  watchStore(readFigures: () => StoreFigures): void {
    const total = (name: string, help: string, field: keyof StoreFigures): void => {
      const collect = function (this: Counter): void {
        this.reset();
        this.inc(readFigures()[field] ?? 0);
      };
      this.#registry.registerMetric(new Counter({ name, help, registers: [], collect }));
    };
    const level = (name: string, help: string, field: keyof StoreFigures): void => {
      const collect = function (this: Gauge): void {
        this.set(readFigures()[field] ?? Number.NaN);
      };
      this.#registry.registerMetric(new Gauge({ name, help, registers: [], collect }));
    };
    total('clew_store_accepted_spans_total', 'Spans written to a segment.', 'acceptedSpans');
    total('clew_store_inserted_spans_total', 'Spans inserted into the engine.', 'storedSpans');
    total(
      'clew_store_repeated_spans_total',
      'Spans of requests that had been accepted before and were not written again.',
      'repeatedSpans',
    );
    level('clew_store_backlog_segments', 'Segments that wait for the engine.', 'backlogSegments');
    level('clew_store_backlog_bytes', 'Bytes of segments that wait.', 'backlogBytes');
    level('clew_store_free_bytes', 'Free bytes of the file system of the store.', 'freeBytes');
    total('clew_engine_reads_total', 'Statements that asked the engine something.', 'engineReads');
    total('clew_engine_read_seconds_total', 'What they took, added up.', 'engineReadSeconds');
    total(
      'clew_store_quarantined_files_total',
      'Damaged segment files that were set aside.',
      'quarantinedFiles',
    );
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All metrics in Prometheus' text format. */
  format(): Promise<string> {
    return this.#registry.metrics();
  }
}
